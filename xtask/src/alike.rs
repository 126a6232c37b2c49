//! Functions that begin alike, beside each other: what brotli finds again a few bytes back costs it less than what it finds
//! at the other end of the module. The order of functions means nothing else.

use std::convert::Infallible;

use anyhow::{Context, Result, bail};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef,
};

/// The same module in another order.
///
/// # Errors
/// When the bytes are no module.
pub(crate) fn together(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut imported = 0;
    let mut types: Vec<u32> = Vec::new();
    let mut bodies: Vec<(&[u8], u32)> = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.context("the module cannot be read")? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::FunctionSection(section) => {
                types = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::CodeSectionEntry(body) => {
                let at = u32::try_from(bodies.len())?;
                bodies.push((&wasm[body.range()], at));
            }
            _ => {}
        }
    }
    // The first byte says how many kinds of locals there are; types in a row are nearly free.
    bodies.sort_by_key(|&(body, at)| (body.first(), types.get(at as usize), body));
    let old: Vec<u32> = bodies.into_iter().map(|(_, at)| at).collect();
    let mut new = vec![0; old.len()];
    for (at, &was) in (0..).zip(&old) {
        new[was as usize] = at;
    }
    let mut module = Module::new();
    let mut order = Order { imported, old, new };
    if let Err(error) = order.parse_core_module(&mut module, Parser::new(0), wasm) {
        bail!("the module cannot be written: {error}");
    }
    Ok(module.finish())
}

struct Order {
    /// Imported functions come first and stay.
    imported: u32,
    /// By the new place of a function: where it was.
    old: Vec<u32>,
    /// By the old place: where it is now.
    new: Vec<u32>,
}

impl Reencode for Order {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(match function.checked_sub(self.imported) {
            Some(own) => self.imported + self.new[own as usize],
            None => function,
        })
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for &was in &self.old {
            functions.function(types[was as usize]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        let bodies = section
            .into_iter()
            .collect::<Result<Vec<FunctionBody<'_>>, _>>()?;
        for was in self.old.clone() {
            utils::parse_function_body(self, code, bodies[was as usize].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, Module as Built, ValType};

    use super::*;

    /// Two functions, of which the second calls the first and one that is imported.
    fn module() -> Vec<u8> {
        let mut module = Built::default();
        let kind = module.types.add(&[], &[ValType::I32]);
        let (outside, _) = module.add_import_func("a", "b", kind);
        let mut inner = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
        inner.func_body().i32_const(7);
        let inner = inner.finish(vec![], &mut module.funcs);
        let mut outer = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
        outer.func_body().call(outside).drop().call(inner);
        let outer = outer.finish(vec![], &mut module.funcs);
        module.exports.add("inner", inner);
        module.exports.add("outer", outer);
        module.emit_wasm()
    }

    fn bodies(wasm: &[u8]) -> Vec<Vec<u8>> {
        let payloads = Parser::new(0).parse_all(wasm).map(Result::unwrap);
        payloads
            .filter_map(|payload| match payload {
                Payload::CodeSectionEntry(body) => Some(wasm[body.range()].to_vec()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn calls_and_exports_mean_what_they_meant() {
        let before = module();
        let after = together(&before).unwrap();
        assert_ne!(bodies(&before).len(), 0);
        let called = |wasm: &[u8]| {
            let module = Built::from_buffer(wasm).unwrap();
            let inner = module.exports.get_func("inner").unwrap();
            let outer = module.exports.get_func("outer").unwrap();
            let outer = module.funcs.get(outer).kind.unwrap_local();
            let entry = outer.block(outer.entry_block());
            let calls = entry.instrs.iter().filter_map(|(instr, _)| match instr {
                walrus::ir::Instr::Call(call) => Some(call.func == inner),
                _ => None,
            });
            calls.collect::<Vec<_>>()
        };
        assert_eq!(called(&before), [false, true]);
        assert_eq!(called(&after), [false, true]);
    }

    #[test]
    fn the_bodies_are_in_order() {
        let after = together(&module()).unwrap();
        let once_more = together(&after).unwrap();
        assert_eq!(after, once_more);
        // The call of the other one may have another number now, but the first bytes stay.
        assert!(bodies(&after).is_sorted_by_key(|body| body[0]));
    }
}
