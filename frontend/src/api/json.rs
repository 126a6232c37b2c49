//! JSON as the browser reads and writes it. The bodies are those of `shared::http`; reading them with its derived types
//! would cost the page's first load more than all dialogs that show them.

use js_sys::{Array, JSON, Object, Reflect};
use shared::people::Role;
use shared::protocol::Person;
use shared::text::PersonName;
use wasm_bindgen::JsValue;

/// The text of an object with these fields.
#[must_use]
pub fn object(fields: &[(&str, JsValue)]) -> String {
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes every field.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    let text = JSON::stringify(&object).ok();
    text.map(String::from).unwrap_or_default()
}

/// A field, or undefined.
#[must_use]
pub fn field(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A text, or an empty one.
#[must_use]
pub fn text(value: &JsValue, name: &str) -> String {
    field(value, name).as_string().unwrap_or_default()
}

/// A number, or 0. None of the protocol's is negative or has a fraction.
#[must_use]
pub fn number(value: &JsValue, name: &str) -> u64 {
    field(value, name).as_f64().unwrap_or_default() as u64
}

/// Whether a field is there and true.
#[must_use]
pub fn flag(value: &JsValue, name: &str) -> bool {
    field(value, name).is_truthy()
}

/// The items of a list; none of anything else.
#[must_use]
pub fn list(value: &JsValue) -> Vec<JsValue> {
    if Array::is_array(value) {
        Array::from(value).to_vec()
    } else {
        Vec::new()
    }
}

/// A person, if it is one.
#[must_use]
pub fn person(value: &JsValue) -> Option<Person> {
    Some(Person {
        id: text(value, "id").parse().ok()?,
        name: PersonName::parse(&text(value, "name")).ok()?,
    })
}

/// A role; what is left out is a guest's.
#[must_use]
pub fn role(value: &JsValue) -> Role {
    let name = text(value, "role");
    let mut all = Role::ALL.into_iter();
    all.find(|role| role.name() == name).unwrap_or_default()
}
