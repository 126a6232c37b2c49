//! What `#[serde(…)]` says, as far as it concerns reading.

use syn::{Attribute, LitStr, meta::ParseNestedMeta};

/// Of a type.
#[derive(Debug, Default)]
pub(crate) struct OfType {
    /// The field that names the variant.
    pub(crate) tag: Option<String>,
    /// Names are written in snake case.
    pub(crate) snake_case: bool,
    /// It is its only field.
    pub(crate) transparent: bool,
    /// A field that is not there has the value that it has in the type's default.
    pub(crate) default: bool,
}

/// Of a variant.
#[derive(Debug, Default)]
pub(crate) struct OfVariant {
    /// Its name, if it is not the one in the source.
    pub(crate) rename: Option<String>,
    /// It stands for every name that is not known.
    pub(crate) other: bool,
    /// It takes whatever is none of the others.
    pub(crate) untagged: bool,
}

/// Of a field.
#[derive(Debug, Default)]
pub(crate) struct OfField {
    /// Its name, if it is not the one in the source.
    pub(crate) rename: Option<String>,
    /// It need not be there.
    pub(crate) default: bool,
}

impl OfType {
    pub(crate) fn read(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut found = Self::default();
        each(attributes, |name, meta| {
            match name {
                "tag" => found.tag = Some(text(meta)?),
                "rename_all" if text(meta)? == "snake_case" => found.snake_case = true,
                "transparent" => found.transparent = true,
                "default" if is_bare(meta) => found.default = true,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(found)
    }
}

impl OfVariant {
    pub(crate) fn read(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut found = Self::default();
        each(attributes, |name, meta| {
            match name {
                "rename" => found.rename = Some(text(meta)?),
                "other" => found.other = true,
                "untagged" => found.untagged = true,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(found)
    }
}

impl OfField {
    pub(crate) fn read(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut found = Self::default();
        each(attributes, |name, meta| {
            match name {
                "rename" => found.rename = Some(text(meta)?),
                "default" if is_bare(meta) => found.default = true,
                // It concerns writing only.
                "skip_serializing_if" => drop(text(meta)?),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(found)
    }
}

/// Calls `take` with each attribute; what it does not take is an error.
fn each(
    attributes: &[Attribute],
    mut take: impl FnMut(&str, &ParseNestedMeta) -> syn::Result<bool>,
) -> syn::Result<()> {
    for attribute in attributes.iter().filter(|it| it.path().is_ident("serde")) {
        attribute.parse_nested_meta(|meta| {
            let name = meta.path.require_ident()?.to_string();
            match take(&name, &meta)? {
                true => Ok(()),
                false => {
                    Err(meta.error("FromJson does not know this; write the implementation by hand"))
                }
            }
        })?;
    }
    Ok(())
}

fn text(meta: &ParseNestedMeta) -> syn::Result<String> {
    Ok(meta.value()?.parse::<LitStr>()?.value())
}

fn is_bare(meta: &ParseNestedMeta) -> bool {
    !meta.input.peek(syn::Token![=])
}
