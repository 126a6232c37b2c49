//! JSON as a tree, and how our types are read from it.
//!
//! Every type has one way to be read, whatever it comes from (a frame, an HTTP answer, what a browser keeps): the text
//! becomes a tree, the type is read from the tree by `FromJson`. It must never panic, and never refuse a
//! field that it does not know (M2).

use crate::sorted::Map;
pub(crate) mod text;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// The derive, which has the name of the trait as serde's have.
pub use from_json::FromJson;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A JSON value. Text without escapes is borrowed from what was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Json<'a>>),
    /// An object, in the order of the text.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// A number. A fraction, or one beyond 64 bits, is nothing that the protocol has; its text is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Number {
    /// From 0 on.
    Whole(u64),
    /// Below 0.
    Negative(i64),
    /// Another one, as it was written.
    Other(String),
}

impl Number {
    fn of(text: &str) -> Self {
        match (text.parse(), text.parse()) {
            // `-0` is none that is written as it was.
            (Ok(number), _) if !text.starts_with('-') => Self::Whole(number),
            (_, Ok(number)) if number != 0 => Self::Negative(number),
            _ => Self::Other(text.to_owned()),
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole(number) => serializer.serialize_u64(*number),
            Self::Negative(number) => serializer.serialize_i64(*number),
            Self::Other(text) => serializer.serialize_f64(text.parse().unwrap_or_default()),
        }
    }
}

/// What can be read from JSON. Mostly it is derived.
pub trait FromJson: Sized {
    /// Reads it. A field that is not there is read as `null`.
    fn from_json(json: &Json<'_>) -> Result<Self, Mismatch>;
}

/// The tree is not what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch {
    /// The innermost field that it concerns; empty if it is the whole.
    field: &'static str,
    expected: &'static str,
}

impl Mismatch {
    /// Something else was expected here.
    #[must_use]
    pub fn expected(expected: &'static str) -> Self {
        let field = "";
        Self { field, expected }
    }

    /// The field names a kind that is not known.
    #[must_use]
    pub fn unknown(field: &'static str) -> Self {
        let expected = "a kind that is known";
        Self { field, expected }
    }

    fn within(self, field: &'static str) -> Self {
        match self.field {
            "" => Self { field, ..self },
            _ => self,
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field {
            "" => write!(f, "expected {}", self.expected),
            field => write!(f, "`{field}`: expected {}", self.expected),
        }
    }
}

impl std::error::Error for Mismatch {}

impl Json<'_> {
    /// A string.
    pub fn text(&self) -> Result<&str, Mismatch> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(Mismatch::expected("a text")),
        }
    }

    /// The string in a field.
    pub fn text_field(&self, name: &'static str) -> Result<&str, Mismatch> {
        let field = self.get(name)?.unwrap_or(&Json::Null);
        field.text().map_err(|mismatch| mismatch.within(name))
    }

    /// What is in a field.
    pub fn field<T: FromJson>(&self, name: &'static str) -> Result<T, Mismatch> {
        let field = self.get(name)?.unwrap_or(&Json::Null);
        T::from_json(field).map_err(|mismatch| mismatch.within(name))
    }

    /// What is in a field, or the default if it is not there.
    pub fn field_or_default<T: FromJson + Default>(
        &self,
        name: &'static str,
    ) -> Result<T, Mismatch> {
        self.field_or(name, T::default())
    }

    /// What is in a field, or something else if it is not there.
    pub fn field_or<T: FromJson>(&self, name: &'static str, absent: T) -> Result<T, Mismatch> {
        match self.get(name)? {
            Some(field) => T::from_json(field).map_err(|mismatch| mismatch.within(name)),
            None => Ok(absent),
        }
    }

    /// A field, which may be there once.
    fn get(&self, name: &'static str) -> Result<Option<&Self>, Mismatch> {
        let Self::Object(fields) = self else {
            return Err(Mismatch::expected("an object"));
        };
        let mut found = None;
        for (key, value) in fields {
            if key == name && found.replace(value).is_some() {
                return Err(Mismatch::expected("it once").within(name));
            }
        }
        Ok(found)
    }

    fn list(&self) -> Result<&[Self], Mismatch> {
        match self {
            Self::List(list) => Ok(list),
            _ => Err(Mismatch::expected("a list")),
        }
    }
}

/// For serde's `Deserialize` of what has `FromJson`.
pub fn deserialize<'de, T: FromJson, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let json = Json::deserialize(deserializer)?;
    T::from_json(&json).map_err(Error::custom)
}

impl FromJson for Json<'static> {
    fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
        let owned = |text: &str| Cow::Owned(text.to_owned());
        Ok(match json {
            Json::Null => Json::Null,
            Json::Bool(value) => Json::Bool(*value),
            Json::Number(number) => Json::Number(number.clone()),
            Json::Text(text) => Json::Text(owned(text)),
            Json::List(_) => Json::List(FromJson::from_json(json)?),
            Json::Object(fields) => {
                let mut all = Vec::with_capacity(fields.len());
                for (key, value) in fields {
                    all.push((owned(key), FromJson::from_json(value)?));
                }
                Json::Object(all)
            }
        })
    }
}

impl FromJson for bool {
    fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
        match json {
            Json::Bool(value) => Ok(*value),
            _ => Err(Mismatch::expected("true or false")),
        }
    }
}

impl FromJson for u64 {
    fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
        match json {
            Json::Number(Number::Whole(number)) => Ok(*number),
            _ => Err(Mismatch::expected("a whole number from 0")),
        }
    }
}

impl FromJson for i64 {
    fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
        match json {
            Json::Number(Number::Whole(number)) => i64::try_from(*number).ok(),
            Json::Number(Number::Negative(number)) => Some(*number),
            _ => None,
        }
        .ok_or(Mismatch::expected("a whole number"))
    }
}

/// The other integers are those two within narrower bounds.
macro_rules! narrower {
    ($wide:ty: $($name:ty),*) => {$(
        impl FromJson for $name {
            fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
                let number = <$wide>::from_json(json)?.try_into();
                number.map_err(|_| Mismatch::expected("a smaller number"))
            }
        }
    )*};
}

narrower!(u64: u8, u16, u32, usize);
narrower!(i64: i8, i16, i32);

impl FromJson for String {
    fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
        json.text().map(str::to_owned)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
        match json {
            Json::Null => Ok(None),
            json => T::from_json(json).map(Some),
        }
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
        T::from_json(json).map(Self::new)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
        let list = json.list()?;
        let mut all = Vec::with_capacity(list.len());
        for item in list {
            all.push(T::from_json(item)?);
        }
        Ok(all)
    }
}

impl<K: FromStr + Ord, V: FromJson> FromJson for Map<K, V> {
    fn from_json(json: &Json<'_>) -> Result<Self, Mismatch> {
        let Json::Object(fields) = json else {
            return Err(Mismatch::expected("an object"));
        };
        let mut map = Self::new();
        for (key, value) in fields {
            let key = key
                .parse()
                .map_err(|_| Mismatch::expected("other keys than that"))?;
            map.insert(key, V::from_json(value)?);
        }
        Ok(map)
    }
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Builder)
    }
}

struct Builder;

impl<'de> Visitor<'de> for Builder {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(Number::Whole(number)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(Number::Negative(number)))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Json<'de>, E> {
        Ok(Json::Number(Number::Other(number.to_string())))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json<'de>, A::Error> {
        let mut fields = Vec::new();
        // A key is always a text.
        while let Some((key, value)) = entries.next_entry::<Json<'de>, Json<'de>>()? {
            if let Json::Text(key) = key {
                fields.push((key, value));
            }
        }
        Ok(Json::Object(fields))
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => serializer.collect_seq(list),
            Self::Object(fields) => serializer.collect_map(fields.iter().map(|(k, v)| (k, v))),
        }
    }
}
