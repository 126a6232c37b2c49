//! From the shape of a type to the code that reads it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DataEnum, DeriveInput, Error, Fields, Ident, Variant, spanned::Spanned};

use crate::attributes::{OfField, OfType, OfVariant};

/// The body of `from_json`.
pub(crate) fn body(input: &DeriveInput) -> syn::Result<TokenStream> {
    let of_type = OfType::read(&input.attrs)?;
    match &input.data {
        Data::Struct(data) => of_struct(&data.fields, &of_type),
        Data::Enum(data) => of_enum(data, &of_type),
        Data::Union(_) => Err(Error::new(input.span(), "FromJson is not for unions")),
    }
}

fn of_struct(fields: &Fields, of_type: &OfType) -> syn::Result<TokenStream> {
    let known = match fields {
        Fields::Unnamed(fields) => of_type.transparent && fields.unnamed.len() == 1,
        _ => !of_type.transparent,
    };
    if !known || of_type.tag.is_some() {
        return Err(Error::new(
            fields.span(),
            "FromJson knows structs with named fields, and transparent ones with one",
        ));
    }
    if of_type.transparent {
        return Ok(quote! { Ok(Self(::shared::json::FromJson::from_json(json)?)) });
    }
    let mut read = Vec::new();
    for field in fields {
        let (name, key, optional) = field_of(field)?;
        read.push(match (of_type.default, optional) {
            (true, _) => quote! { #name: json.field_or(#key, default.#name)? },
            (false, true) => quote! { #name: json.field_or_default(#key)? },
            (false, false) => quote! { #name: json.field(#key)? },
        });
    }
    let default = of_type
        .default
        .then(|| quote! { let default = <Self as ::core::default::Default>::default(); });
    Ok(quote! {
        #default
        Ok(Self { #(#read),* })
    })
}

fn of_enum(data: &DataEnum, of_type: &OfType) -> syn::Result<TokenStream> {
    let Some(tag) = &of_type.tag else {
        return of_plain_enum(data, of_type);
    };
    let (mut arms, mut other, mut rest) = (Vec::new(), None, None);
    for variant in &data.variants {
        let of_variant = OfVariant::read(&variant.attrs)?;
        let name = &variant.ident;
        if of_variant.other {
            other = Some(quote! { _ => Ok(Self::#name), });
        } else if of_variant.untagged {
            rest = Some(
                quote! { .or_else(|_| Ok(Self::#name(::shared::json::FromJson::from_json(json)?))) },
            );
        } else {
            let key = key_of(name, of_variant.rename, of_type);
            let value = tagged(variant)?;
            arms.push(quote! { #key => Ok(#value), });
        }
    }
    let other =
        other.unwrap_or_else(|| quote! { _ => Err(::shared::json::Mismatch::unknown(#tag)), });
    let tagged = quote! {
        match json.text_field(#tag)? { #(#arms)* #other }
    };
    Ok(match rest {
        None => tagged,
        Some(rest) => quote! {
            let read = || -> ::core::result::Result<Self, ::shared::json::Mismatch> { #tagged };
            read() #rest
        },
    })
}

/// An enum without a tag is the name of a variant.
fn of_plain_enum(data: &DataEnum, of_type: &OfType) -> syn::Result<TokenStream> {
    let mut arms = Vec::new();
    let mut other = quote! { Err(::shared::json::Mismatch::expected("a word that is known")) };
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new(
                variant.span(),
                "FromJson wants `#[serde(tag = …)]` on an enum that holds something",
            ));
        }
        let of_variant = OfVariant::read(&variant.attrs)?;
        let name = &variant.ident;
        if of_variant.other {
            other = quote! { Ok(Self::#name) };
        } else {
            let key = key_of(name, of_variant.rename, of_type);
            arms.push(quote! { #key => Ok(Self::#name), });
        }
    }
    Ok(quote! {
        match json.text()? { #(#arms)* _ => #other }
    })
}

/// What a variant with a tag holds: its fields stand beside the tag.
fn tagged(variant: &Variant) -> syn::Result<TokenStream> {
    let name = &variant.ident;
    match &variant.fields {
        Fields::Unit => Ok(quote! { Self::#name }),
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            Ok(quote! { Self::#name(::shared::json::FromJson::from_json(json)?) })
        }
        Fields::Unnamed(fields) => Err(Error::new(
            fields.span(),
            "a variant with a tag holds one thing, or named fields",
        )),
        Fields::Named(fields) => {
            let mut read = Vec::new();
            for field in &fields.named {
                let (name, key, optional) = field_of(field)?;
                read.push(match optional {
                    true => quote! { #name: json.field_or_default(#key)? },
                    false => quote! { #name: json.field(#key)? },
                });
            }
            Ok(quote! { Self::#name { #(#read),* } })
        }
    }
}

/// The name in the source, the name in the text, and whether it need not be there.
fn field_of(field: &syn::Field) -> syn::Result<(&Ident, String, bool)> {
    let of_field = OfField::read(&field.attrs)?;
    let name = field
        .ident
        .as_ref()
        .ok_or_else(|| Error::new(field.span(), "FromJson wants named fields"))?;
    let plain = name.to_string();
    let plain = plain.strip_prefix("r#").unwrap_or(&plain).to_owned();
    Ok((name, of_field.rename.unwrap_or(plain), of_field.default))
}

fn key_of(name: &Ident, rename: Option<String>, of_type: &OfType) -> String {
    match rename {
        Some(rename) => rename,
        None if of_type.snake_case => snake_case(&name.to_string()),
        None => name.to_string(),
    }
}

/// As serde has it: a line before each capital but the first.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (at, c) in name.char_indices() {
        if at > 0 && c.is_uppercase() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_serde_writes_them() {
        assert_eq!(snake_case("NotUnderstood"), "not_understood");
        assert_eq!(snake_case("Hello"), "hello");
    }
}
