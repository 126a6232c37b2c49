//! The app's entry; everything is in the library, where the tests reach it.

fn main() {
    frontend::run();
}
