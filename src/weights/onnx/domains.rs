//! Whose operators a model uses.

use super::super::active::{Active, Actives, Danger};
use super::Onnx;
use crate::bytes::fault::shown;

/// Who brings an operator along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// ONNX itself, or every build of onnxruntime.
    Everywhere,
    /// The package onnxruntime-extensions.
    Extensions,
    /// Python code that must be installed where the model is loaded.
    Python,
    /// Some library for onnxruntime or another runtime.
    Unknown,
}

/// Domains of ONNX (onnx 1.23, `schema.h`) and those that onnxruntime registers in every build (`constants.h`).
const EVERYWHERE: &[&str] = &[
    "",
    "ai.onnx",
    "ai.onnx.ml",
    "ai.onnx.preview",
    "ai.onnx.preview.training",
    "ai.onnx.training",
    "com.microsoft",
    "com.microsoft.experimental",
    "com.microsoft.nchwc",
    "com.ms.internal.nhwc",
    "org.pytorch.aten",
];

impl Owner {
    /// The owner of an operator of this domain and name.
    pub fn of(domain: &str, operator: &str) -> Self {
        // onnxruntime's PyOp imports the module that an attribute names; extensions' calls what Python registered.
        let is_python = ["PyOp", "PyCustomOp", "PyFunc"].iter().any(|start| operator.starts_with(start));
        match domain {
            _ if is_python => Self::Python,
            "ai.onnx.contrib" => Self::Extensions,
            _ if EVERYWHERE.contains(&domain) => Self::Everywhere,
            _ => Self::Unknown,
        }
    }
}

/// The operators that need code from outside of the file.
pub(crate) fn in_onnx(onnx: &Onnx) -> Vec<Active> {
    let mut found = Actives::default();
    for (domain, operator) in onnx.operators.keys() {
        let name = shown(operator);
        let (danger, message, help) = match Owner::of(domain, operator) {
            Owner::Everywhere => continue,
            Owner::Python => (
                Danger::MayRun,
                format!("the operator {name} calls Python code"),
                "Replace it by operators of ONNX, or publish the code with the model. The model runs whatever code is \
                 registered under this name.",
            ),
            Owner::Extensions => (
                Danger::NeedsCode,
                format!("the operator {name} comes from onnxruntime-extensions"),
                "Name this package in the card's usage section. onnxruntime loads the model only where it is registered.",
            ),
            Owner::Unknown => (
                Danger::NeedsCode,
                format!("the operator {name} is of the domain {}, which onnxruntime does not have", shown(domain)),
                "Name the library that defines it in the card's usage section. The model loads only with it.",
            ),
        };
        found.push(Active::new(danger, message, help));
    }
    found.into_vec()
}
