//! A line → whether it, or its end, invites to share or to read on: `Share this article`, `Read more: Envoy denies it`.

use super::LINE_LIMIT;

/// How invitations begin, in lower case, sorted by the first letter. What may follow is at most a headline or a name.
#[rustfmt::skip]
const INVITATIONS: &[&str] = &[
    "also read:", "click here to", "continue reading the main story", "download our app", "follow us on ", "google + share on",
    "google+ share on", "join us on ", "like us on ", "read also:", "read more:", "read more at", "read next:", "related:",
    "related articles", "see also:", "share by email", "share on email", "share on facebook", "share on linkedin",
    "share on pinterest", "share on reddit", "share on telegram", "share on twitter", "share on whatsapp", "share on x ",
    "share this article", "share this on ", "share this page", "share this post", "share this story", "share this:",
    "share via ", "sign up for our", "sign up to our", "subscribe to our", "tweet this",
];

/// Lines that are an invitation without any word more, in lower case.
const BARE: &[&str] = &[
    "advertisement",
    "read more",
    "related",
    "share",
    "share this",
    "tweet",
    "whatsapp",
];

/// Whether the whole line is an invitation.
pub(super) fn is_invitation(line: &str) -> bool {
    let bare = line.trim_end_matches(['.', ':', '!', '…', '»', '>', ' ']);
    BARE.iter().any(|known| bare.eq_ignore_ascii_case(known)) || begins_invitation(line)
}

/// Where the invitation begins that was glued to the end of a paragraph.
pub(super) fn tail(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let mut at = line.len().saturating_sub(LINE_LIMIT);
    while let Some(skipped) = bytes[at..]
        .iter()
        .position(|&byte| MAY_STOP[usize::from(byte)])
    {
        at += skipped + 1;
        at += bytes[at..].iter().take_while(|&&byte| byte == b' ').count();
        if bytes.get(at).is_some_and(u8::is_ascii_alphabetic)
            && begins_invitation(&line[at..])
            && ends_sentence(&line[..at])
        {
            return Some(at);
        }
    }
    None
}

/// Whether a byte may be the last of a mark that ends a sentence: those of closing quotation marks are not told from those of
/// letters here.
const MAY_STOP: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(
            byte as u8,
            b'.' | b'!' | b'?' | b'"' | b'\'' | b')' | 0x80..
        );
        byte += 1;
    }
    table
};

/// Whether the text begins with an invitation, and nothing comes after it.
fn begins_invitation(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(first) = bytes.first().map(u8::to_ascii_lowercase) else {
        return false;
    };
    let from = INVITATIONS.partition_point(|known| known.as_bytes()[0] < first);
    let is_known = INVITATIONS[from..]
        .iter()
        .map(|known| known.as_bytes())
        .take_while(|known| known[0] == first)
        .any(|known| {
            bytes.len() >= known.len() && bytes[..known.len()].eq_ignore_ascii_case(known)
        });
    is_known && !text.contains(". ")
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end()
        .ends_with(['.', '!', '?', '"', '”', '’', '\'', ')', '…'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invitations_are_sorted_by_first_letter() {
        assert!(INVITATIONS.is_sorted_by_key(|known| known.as_bytes()[0]));
    }

    #[test]
    fn invitations_are_recognised() {
        for line in [
            "Google + Share On Whatsapp",
            "Share this article",
            "SHARE ON FACEBOOK",
            "Follow us on Twitter @example",
            "Read more: Envoy denies it",
            "Read more…",
            "Advertisement",
        ] {
            assert!(is_invitation(line), "{line}");
        }
        for line in [
            "Share prices fell in Oslo",
            "Read more books, he said",
            "Tweeting is no crime",
            "Related talks failed",
            "Follow us on Monday. He denied it.",
            "Advertisements were banned",
        ] {
            assert!(!is_invitation(line), "{line}");
        }
    }

    #[test]
    fn tail_is_cut_at_the_end_of_a_sentence_only() {
        let at = |line: &'static str| tail(line).map(|at| &line[at..]);
        assert_eq!(
            at("He left.Google + Share On Whatsapp"),
            Some("Google + Share On Whatsapp")
        );
        assert_eq!(
            at("“I left.” Share this article"),
            Some("Share this article")
        );
        assert_eq!(
            at("He left. Read more: Envoy denies it"),
            Some("Read more: Envoy denies it")
        );
        assert_eq!(at("He asked us to share this article"), None);
        assert_eq!(at("Share this article. He left. She stayed."), None);
        assert_eq!(at("é left."), None);
    }
}
