#![deny(missing_docs)]
//! stub head
pub mod constants;
pub mod earth;
pub mod error;
pub mod forward;
pub mod system;
pub mod bayes;
pub mod survey;
