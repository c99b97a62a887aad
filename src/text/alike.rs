//! Names that look alike.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

use super::visible::name_line;

/// The letters as which a name is easily read, if they are not its own: without accents, and with
/// those of other scripts as the ones that they look like (UTS #39). Nothing for a name in ASCII.
///
/// Two names that read the same but for case and the few ASCII characters that resemble each other
/// are told apart where they stand together.
pub fn reading(name: &str) -> Option<String> {
    if name.is_ascii() {
        return None;
    }
    let plain: String = name_line(name).nfkd().filter(|c| !is_combining_mark(*c)).collect();
    let read: String = skeleton(&plain).filter(|c| !is_combining_mark(*c)).collect();
    Some(read).filter(|read| read != name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_other_scripts_are_read_as_those_they_look_like() {
        let read = |name: &str| reading(name).map(|read| read.replace("rn", "m"));
        // Cyrillic А, е and К; Greek ο; full width.
        assert_eq!(read("Аlеx Кim").as_deref(), Some("Alex Kim"));
        assert_eq!(read("Bοb").as_deref(), Some("Bob"));
        assert_eq!(read("Ａｄａ").as_deref(), Some("Ada"));
        assert_eq!(read("José").as_deref(), Some("Jose"));
    }

    #[test]
    fn a_name_that_reads_as_it_is_written_says_nothing() {
        assert_eq!(reading("Alex Kim"), None);
        assert_eq!(reading("王小明"), None);
    }
}
