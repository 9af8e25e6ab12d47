//! The XML of an answer, as a tree of elements.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

/// An element: its name, its text, and what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    name: String,
    text: String,
    inside: Vec<Element>,
}

/// No answer of the API goes deeper.
const DEEPEST: usize = 32;

impl Element {
    /// Reads a document; none if it is no XML.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader::from_str(text);
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) if open.len() < DEEPEST => {
                    let name = start.local_name().as_ref().to_owned();
                    open.push(Self { name, ..Self::default() });
                }
                Event::Start(_) | Event::DocType(_) => return None,
                Event::Empty(start) => {
                    let name = start.local_name().as_ref().to_owned();
                    open.last_mut()?.inside.push(Self { name, ..Self::default() });
                }
                Event::End(_) => {
                    let done = open.pop()?;
                    open.last_mut()?.inside.push(done);
                }
                Event::Text(text) => open.last_mut()?.text.push_str(&text),
                Event::CData(text) => open.last_mut()?.text.push_str(&text),
                Event::GeneralRef(reference) => {
                    let reference: &str = &reference;
                    open.last_mut()?.text.push_str(&unescape(&format!("&{reference};")).ok()?);
                }
                Event::Eof => break,
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            }
        }
        let mut root = open.pop()?;
        if open.is_empty() { root.inside.pop() } else { None }
    }

    /// The element of this path below this one, such as `Error/Code`.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |at, name| at.inside.iter().find(|inside| inside.name == name))
    }

    /// The text of the element of this path.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.at(path).map(|element| element.text.as_str())
    }

    /// The members of a list.
    pub(crate) fn members(&self, path: &str) -> &[Self] {
        self.at(path).map_or(&[], |list| &list.inside)
    }

    /// The elements in it.
    pub(crate) fn inside(&self) -> &[Self] {
        &self.inside
    }

    /// Its own text.
    pub(crate) fn own_text(&self) -> &str {
        &self.text
    }

    /// Its own name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lists_and_references_are_read() {
        let read = Element::read(
            "<?xml version=\"1.0\"?>\n<R xmlns=\"u\"><S><L><member><N>a &amp; b&#39;s</N></member><member/></L></S></R>",
        )
        .unwrap();
        assert_eq!(read.name(), "R");
        assert_eq!(read.members("S/L").len(), 2);
        assert_eq!(read.members("S/L")[0].text("N"), Some("a & b's"));
        assert_eq!(read.text("S/M"), None);
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for text in ["", "no", "<a>", "<a></b>", "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a>&x;</a>"] {
            assert_eq!(Element::read(text), None, "{text}");
        }
        assert_eq!(Element::read(&format!("{}{}", "<a>".repeat(100), "</a>".repeat(100))), None);
    }
}
