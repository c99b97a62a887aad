//! E-mail addresses: which ones are accepted, and which ones are the same.

use super::{EmailAddress, TextError};

/// Domains whose provider ignores dots before the `@`, and the one that stands for all its names.
const WITHOUT_DOTS: [(&str, &str); 5] = [
    ("gmail.com", "gmail.com"),
    ("googlemail.com", "gmail.com"),
    ("proton.me", "proton.me"),
    ("protonmail.com", "proton.me"),
    ("pm.me", "proton.me"),
];

impl EmailAddress {
    /// The address as mail servers know it: an international domain in its ASCII form (`xn--…`).
    pub fn for_mail(&self) -> String {
        let text = self.as_str();
        let Some((local, domain)) = text.rsplit_once('@') else { return text.to_owned() };
        match ascii_domain(domain) {
            Some(domain) => format!("{local}@{domain}"),
            None => text.to_owned(),
        }
    }

    /// The key by which addresses are unique: as mail servers know it, in lower case.
    pub fn key(&self) -> String {
        self.for_mail().to_lowercase()
    }

    /// The key of the mailbox that it leads to, as far as can be told. Addresses that differ only in
    /// a part after `+`, or in dots that the provider ignores, lead to the same one.
    pub fn mailbox(&self) -> String {
        let key = self.key();
        let Some((local, domain)) = key.rsplit_once('@') else { return key };
        let base = local.split('+').next().filter(|base| !base.is_empty()).unwrap_or(local);
        match WITHOUT_DOTS.iter().find(|(name, _)| *name == domain) {
            Some((_, domain)) => format!("{}@{domain}", base.replace('.', "")),
            None => format!("{base}@{domain}"),
        }
    }
}

/// The domain as the domain name system knows it (UTS #46), if it can be one.
fn ascii_domain(domain: &str) -> Option<String> {
    if domain.is_ascii() && !domain.to_ascii_lowercase().contains("xn--") {
        return Some(domain.to_owned());
    }
    idna::domain_to_ascii(domain).ok()
}

/// A search with the words that are part of an address, after its `@`, spelled as in keys.
pub fn as_in_addresses(search: &str) -> String {
    let spelled = |word: &str| {
        let (local, domain) = word.split_once('@')?;
        Some(format!("{local}@{}", ascii_domain(domain)?))
    };
    let words = search.split_whitespace().map(|word| spelled(word).unwrap_or_else(|| word.into()));
    words.collect::<Vec<String>>().join(" ")
}

/// The address as it was written, with an international domain in its usual form.
pub(super) fn email_address(text: &str) -> Result<String, TextError> {
    let refused = || TextError::new("it must be an email address, like name@example.org");
    let text = text.trim();
    let (local, written) = text.rsplit_once('@').ok_or_else(refused)?;
    if !local.is_ascii() {
        let why =
            "before the @ only letters from a to z, digits and signs like . - _ + can be used";
        return Err(TextError::new(why));
    }
    let domain = ascii_domain(written).ok_or_else(refused)?;
    let address = format!("{local}@{domain}");
    let plain = address.chars().all(|c| c.is_ascii_graphic() && !"\"<>(),;:\\[]".contains(c));
    let complete = domain.contains('.') || domain == "localhost";
    let short = address.len() <= 191 && local.len() <= 64;
    // An address that the mail library rejects is useless.
    if !plain || !complete || !short || address.parse::<lettre::Address>().is_err() {
        return Err(refused());
    }
    if written.is_ascii() {
        return Ok(text.to_owned());
    }
    let (shown, valid) = idna::domain_to_unicode(&domain);
    valid.map_err(|_| refused())?;
    Ok(format!("{local}@{shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> EmailAddress {
        text.parse().unwrap_or_else(|error| panic!("{text:?}: {error}"))
    }

    #[test]
    fn addresses_are_compared_without_regard_to_case() {
        let address = address(" Ada@Example.org ");
        assert_eq!(address.as_str(), "Ada@Example.org");
        assert_eq!(address.key(), "ada@example.org");
    }

    #[test]
    fn an_international_domain_is_the_same_however_it_is_written() {
        for text in [
            "iris@bücher.example",
            "Iris@BÜCHER.example",
            "iris@bu\u{308}cher.example",
            "iris@bücher。example",
            "iris@xn--bcher-kva.example",
            "iris@XN--BCHER-KVA.example",
        ] {
            assert_eq!(address(text).key(), "iris@xn--bcher-kva.example", "{text}");
        }
        assert_eq!(address("iris@BÜCHER.example").as_str(), "iris@bücher.example");
        assert_eq!(address("iris@bücher.example").for_mail(), "iris@xn--bcher-kva.example");
        assert_eq!(address("info@例え.テスト").key(), "info@xn--r8jz45g.xn--zckzah");
    }

    #[test]
    fn invalid_addresses_are_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        for text in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "ada@example",
            "ada@bücher",
            "ada@bü cher.example",
            "ada@xn--a-ecp.ru@x",
            "ada@xn--0.example",
            "ädä@example.org",
            "a b@example.org",
            "a@b.c\nBcc: x@y.z",
            "Ada <ada@example.org>",
            "a@b@example.org",
            &long,
        ] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn spellings_of_one_mailbox_have_one_key() {
        for text in [
            "maleficent@gmail.com",
            "Maleficent@GMail.com",
            "mal.efi.cent@gmail.com",
            "maleficent+again@gmail.com",
            "m.aleficent+2@googlemail.com",
        ] {
            assert_eq!(address(text).mailbox(), "maleficent@gmail.com", "{text}");
        }
        assert_eq!(address("eve+x@Example.org").mailbox(), "eve@example.org");
        assert_eq!(address("e.ve@example.org").mailbox(), "e.ve@example.org", "dots count there");
        assert_eq!(address("+eve@example.org").mailbox(), "+eve@example.org");
    }
}
