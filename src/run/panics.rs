//! Turns panics into messages.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static MESSAGE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Returns the result of `compute`. If it panics, nothing is printed, and the message and place of the panic are
/// returned as one line.
pub(super) fn catch_panic<T>(compute: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if CATCHING.get() {
                let text = panic.payload_as_str().unwrap_or("internal error").replace('\n', " ");
                let place = panic.location().map_or_else(String::new, |place| format!(" ({place})"));
                MESSAGE.set(text + &place);
            } else {
                usual(panic);
            }
        }));
    });
    CATCHING.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(compute));
    CATCHING.set(false);
    outcome.map_err(|_| MESSAGE.take())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_message_and_the_next_is_not_affected() {
        let message = catch_panic(|| -> u8 { panic!("half\nway {}", 3) }).unwrap_err();
        assert!(message.starts_with("half way 3 (") && message.contains("panics.rs"), "{message}");
        assert_eq!(catch_panic(|| 7), Ok(7));
    }
}
