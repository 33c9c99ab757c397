//! How each client says it: the dialects, authentication, and the generated specs.
