//! `#[derive(FromJson)]`: how a type is read from a `shared::json::Json`. It stands beside serde's `Serialize` and obeys
//! the same `#[serde(…)]` attributes, so that a type is written down once; what it does not know is a compile error.
//!
//! Why not serde's own `Deserialize`: that is compiled once for every kind of deserializer that meets a type, and a tagged
//! enum alone meets three. In the app this was a third of all code (docs/PERFORMANCE.md).

mod attributes;
mod shape;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_macro_input};

/// Implements `shared::json::FromJson`, and serde's `Deserialize` on top of it.
#[proc_macro_derive(FromJson, attributes(serde))]
pub fn from_json(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    implementation(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

fn implementation(input: &DeriveInput) -> syn::Result<TokenStream> {
    if !input.generics.params.is_empty() {
        return Err(syn::Error::new_spanned(
            &input.generics,
            "FromJson is not for generic types",
        ));
    }
    let name = &input.ident;
    let body = shape::body(input)?;
    Ok(quote! {
        impl ::shared::json::FromJson for #name {
            fn from_json(json: &::shared::json::Json<'_>) -> ::core::result::Result<Self, ::shared::json::Mismatch> {
                #body
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::core::result::Result<Self, D::Error> {
                ::shared::json::deserialize(deserializer)
            }
        }
    })
}
