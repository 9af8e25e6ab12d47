//! Data as JSON where no text in it needs an escape, which is nearly always.
//!
//! `serde_json` looks at each byte of each name and text. This writer looks at a text as a whole, trusts the names
//! of fields, and gives up where a text is not plain or a value is of a kind that reports have not; whoever asked
//! turns to `serde_json` then, so that the two never write different things.

use std::fmt;

use serde::ser::{
    self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};

use crate::json::is_plain;

/// Adds a value to a text. If it gives up, the text holds a part of the value.
pub(super) fn push(text: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> Result<(), NotPlain> {
    value.serialize(Plain(text))
}

/// It cannot be written here.
#[derive(Debug)]
pub(super) struct NotPlain;

/// There is none of it.
type Never = Impossible<(), NotPlain>;

/// Writes one value.
struct Plain<'t>(&'t mut Vec<u8>);

/// Writes what a list or an object holds.
struct Inside<'t> {
    text: &'t mut Vec<u8>,
    is_first: bool,
    close: u8,
}

impl Inside<'_> {
    #[inline]
    fn next(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.text.push(b',');
        }
    }

    #[inline]
    fn close(self) -> Result<(), NotPlain> {
        self.text.push(self.close);
        Ok(())
    }
}

impl<'t> Plain<'t> {
    #[inline]
    fn open(self, open: u8, close: u8) -> Inside<'t> {
        self.0.push(open);
        Inside { text: self.0, is_first: true, close }
    }

    #[inline]
    fn word(self, word: &str) -> Result<(), NotPlain> {
        self.0.extend_from_slice(word.as_bytes());
        Ok(())
    }
}

/// Numbers are written by `serde_json`; of the rest reports have nothing.
macro_rules! kinds {
    (numbers: $($number:ident $of:ty),*; refused: $($refused:ident ($($argument:ty),*) $output:ty),*) => {
        $(fn $number(self, number: $of) -> Result<(), NotPlain> {
            serde_json::to_writer(self.0, &number).map_err(|_| NotPlain)
        })*
        $(fn $refused(self, $(_: $argument),*) -> Result<$output, NotPlain> {
            Err(NotPlain)
        })*
    };
}

impl<'t> Serializer for Plain<'t> {
    type Ok = ();
    type Error = NotPlain;
    type SerializeSeq = Inside<'t>;
    type SerializeTuple = Inside<'t>;
    type SerializeMap = Inside<'t>;
    type SerializeStruct = Inside<'t>;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeStructVariant = Never;

    kinds! {
        numbers: serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64,
            serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64;
        refused: serialize_f32 (f32) (), serialize_f64 (f64) (), serialize_char (char) (),
            serialize_bytes (&[u8]) (), serialize_unit_struct (&'static str) (),
            serialize_unit_variant (&'static str, u32, &'static str) (),
            serialize_tuple_struct (&'static str, usize) Never,
            serialize_tuple_variant (&'static str, u32, &'static str, usize) Never,
            serialize_struct_variant (&'static str, u32, &'static str, usize) Never
    }

    #[inline]
    fn serialize_str(self, text: &str) -> Result<(), NotPlain> {
        if !is_plain(text.as_bytes()) {
            return Err(NotPlain);
        }
        self.0.reserve(text.len() + 2);
        self.0.push(b'"');
        self.0.extend_from_slice(text.as_bytes());
        self.0.push(b'"');
        Ok(())
    }

    fn serialize_bool(self, truth: bool) -> Result<(), NotPlain> {
        self.word(if truth { "true" } else { "false" })
    }

    fn serialize_none(self) -> Result<(), NotPlain> {
        self.word("null")
    }

    fn serialize_unit(self) -> Result<(), NotPlain> {
        self.word("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotPlain> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), NotPlain> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), NotPlain> {
        Err(NotPlain)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Inside<'t>, NotPlain> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Inside<'t>, NotPlain> {
        Ok(self.open(b'[', b']'))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Inside<'t>, NotPlain> {
        Ok(self.open(b'{', b'}'))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Inside<'t>, NotPlain> {
        // `serde_json` marks JSON that is ready by a struct of such a name.
        if name.starts_with('$') { Err(NotPlain) } else { Ok(self.open(b'{', b'}')) }
    }
}

impl SerializeSeq for Inside<'_> {
    type Ok = ();
    type Error = NotPlain;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotPlain> {
        self.next();
        value.serialize(Plain(self.text))
    }

    fn end(self) -> Result<(), NotPlain> {
        self.close()
    }
}

impl SerializeTuple for Inside<'_> {
    type Ok = ();
    type Error = NotPlain;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotPlain> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), NotPlain> {
        self.close()
    }
}

impl SerializeMap for Inside<'_> {
    type Ok = ();
    type Error = NotPlain;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NotPlain> {
        self.next();
        let start = self.text.len();
        key.serialize(Plain(self.text))?;
        // Only texts are names of members.
        if self.text.get(start) == Some(&b'"') { Ok(()) } else { Err(NotPlain) }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotPlain> {
        self.text.push(b':');
        value.serialize(Plain(self.text))
    }

    fn end(self) -> Result<(), NotPlain> {
        self.close()
    }
}

impl SerializeStruct for Inside<'_> {
    type Ok = ();
    type Error = NotPlain;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), NotPlain> {
        debug_assert!(is_plain(name.as_bytes()), "{name}");
        self.next();
        self.text.reserve(name.len() + 3);
        self.text.push(b'"');
        self.text.extend_from_slice(name.as_bytes());
        self.text.extend_from_slice(b"\":");
        value.serialize(Plain(self.text))
    }

    fn end(self) -> Result<(), NotPlain> {
        self.close()
    }
}

impl fmt::Display for NotPlain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not plain")
    }
}

impl std::error::Error for NotPlain {}

impl ser::Error for NotPlain {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{json, value::RawValue};

    use super::*;

    fn plain(value: &impl Serialize) -> Option<String> {
        let mut text = Vec::new();
        push(&mut text, value).ok()?;
        Some(String::from_utf8(text).unwrap())
    }

    #[test]
    fn what_is_plain_is_written_as_serde_json_writes_it() {
        let value = json!({
            "text": "a ~/'b", "none": null, "yes": true, "no": false, "list": [1, -2, "c", [], {}],
            "big": u64::MAX, "small": i64::MIN, "object": {"a": {"b": [[]]}}
        });
        assert_eq!(plain(&value).as_deref().map(str::len), Some(value.to_string().len()));
        assert_eq!(plain(&value), Some(value.to_string()));
        let pair = (1_u8, "two");
        assert_eq!(plain(&pair).unwrap(), serde_json::to_string(&pair).unwrap());
        assert_eq!(plain(&Some(pair)), plain(&pair));
    }

    #[test]
    fn all_else_is_left_to_serde_json() {
        for text in ["\"", "\\", "\n", "\u{7f}", "\u{1b}", "é", "\u{202e}"] {
            assert_eq!(plain(&text), None, "{text:?}");
            assert_eq!(plain(&json!({ "a": [text] })), None, "{text:?}");
            assert_eq!(plain(&json!({ text: 1 })), None, "{text:?}");
        }
        assert_eq!(plain(&0.5), None);
        assert_eq!(plain(&BTreeMap::from([(1, 2)])), None);
        assert_eq!(plain(&RawValue::from_string("[0]".to_owned()).unwrap()), None);
    }
}
