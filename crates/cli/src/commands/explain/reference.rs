//! Actions and keys of single services, from AWS's service reference.

use twokeys::catalog::{self, KeyType};
use twokeys::report::Style;

use super::page::Page;

/// The page of an action or of a service's key, by its name in any case.
pub(super) fn page(word: &str, style: Style) -> Option<String> {
    action(word, style).or_else(|| key(word, style))
}

/// The action or the key that was meant by a name that is none.
pub(super) fn nearest(word: &str) -> Option<String> {
    let action = || catalog::nearest_action(word).map(|action| action.to_string());
    word.contains(':')
        .then(|| catalog::nearest_key(word).map(|key| key.name().to_owned()).or_else(action))
        .flatten()
}

fn action(word: &str, style: Style) -> Option<String> {
    let action = catalog::action(word)?;
    let levels: Vec<&str> = action.levels().map(catalog::Level::as_str).collect();
    let aside = format!("{}; {}", action.service().name(), levels.join(", "));
    let mut page = Page::new(style, &action.to_string(), &aside);
    let taken: Vec<_> = action.resources().map(catalog::TakenResource::resource_type).collect();
    if taken.is_empty() {
        page.paragraph("It acts on no resource of its own: a request asks it of `*`, which only `\"Resource\": \"*\"` matches.");
    } else {
        page.heading("Resources it can be asked of");
        page.list(taken.iter().map(|resource| (resource.name(), resource.arn())));
    }
    let keys: Vec<&str> = action.keys().map(catalog::Key::name).collect();
    if !keys.is_empty() {
        page.heading("Condition keys, beside those of all services and of the resource");
        page.paragraph(&keys.join(", "));
    }
    let also: Vec<&str> = action.dependent().collect();
    if !also.is_empty() {
        page.paragraph(&format!("A caller needs {}, too.", also.join(", ")));
    }
    page.paragraph(&as_of());
    Some(page.into_text())
}

fn key(word: &str, style: Style) -> Option<String> {
    let key = catalog::key(word)?;
    let kind = match key.kind() {
        Some(KeyType::String) => "String",
        Some(KeyType::Arn) => "Arn",
        Some(KeyType::Bool) => "Bool",
        Some(KeyType::Numeric) => "Numeric",
        Some(KeyType::Date) => "Date",
        Some(KeyType::IpAddress) => "IpAddress",
        None => "a type that the reference does not state",
    };
    let count = if key.is_multivalued() {
        "several values: wants ForAnyValue: or ForAllValues:"
    } else {
        "one value"
    };
    let mut page = Page::new(style, key.name(), &format!("{kind}, {count}"));
    let (service, _) = word.split_once(':')?;
    let name = catalog::service(service)?.name();
    page.paragraph(&format!("A condition key of {name}. A request has it only in calls to this service."));
    page.paragraph(&as_of());
    Some(page.into_text())
}

fn as_of() -> String {
    format!("From AWS's service reference of {}; AWS adds to it daily.", catalog::date())
}
