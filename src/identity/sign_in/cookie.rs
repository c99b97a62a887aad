//! The cookie that holds a sign-in's secret.

/// The cookie's name: bound to the host when the connection is secure.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-plenary" } else { "plenary" }
}

/// The `Set-Cookie` value that gives the secret to the browser.
pub fn cookie(secret: &str, secure: bool) -> String {
    // Browsers keep a cookie for 400 days at most; its validity is decided here.
    cookie_line(secret, secure, 400 * 24 * 3_600)
}

/// The `Set-Cookie` value that removes the secret from the browser.
pub fn no_cookie(secure: bool) -> String {
    cookie_line("", secure, 0)
}

fn cookie_line(value: &str, secure: bool, max_age: u32) -> String {
    let name = cookie_name(secure);
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secure_cookie_is_bound_to_the_host() {
        assert_eq!(
            cookie("abc", true),
            "__Host-plenary=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=34560000; Secure"
        );
        assert!(cookie("abc", false).starts_with("plenary=abc; "));
        assert!(!cookie("abc", false).contains("Secure"));
        assert!(no_cookie(false).contains("Max-Age=0"));
    }
}
