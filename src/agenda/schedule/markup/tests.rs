//! Texts as programs write them, and as people read them.

use super::{plain, plain_lines, readable};

fn read(text: &str) -> String {
    readable(text, Some("https://talks.example/schedule/"), 50_000).0
}

#[test]
fn html_becomes_text() {
    for (html, text) in [
        (
            "Bring a laptop.<br />Tea &amp; cake afterwards.",
            "Bring a laptop.\nTea & cake afterwards.",
        ),
        ("<p>One\r\ntwo</p>\r\n<p>Three&nbsp;four</p>", "One two\n\nThree\u{a0}four"),
        (
            "<p>Read <a href=\"https://docs.example/paper\">the paper</a>.</p>",
            "Read [the paper](https://docs.example/paper).",
        ),
        ("See <a href='/talk/7/'>that</a>", "See [that](https://talks.example/talk/7/)"),
        ("<ul>\r\n<li>one</li>\r\n<li>two</li>\r\n</ul><p>End</p>", "- one\n- two\n\nEnd"),
        ("<ol start=3><li>three<ul><li>in it</ul><li>four</ol>", "3. three\n   - in it\n4. four"),
        ("<b> bold </b>and <i>slanted</i>", "**bold** and *slanted*"),
        ("<em>one <strong>two</strong></em>", "*one* ***two***"),
        ("Text<blockquote>said</blockquote>after", "Text\n\n> said\n\nafter"),
        ("<p>See <a href=\"#top\">above</a> <a>there</a></p>", "See above there"),
        ("<pre>a<br>b</pre>", "```\na\nb\n```"),
        ("<h2>Title</h2>Text", "**Title**\n\nText"),
        ("<blockquote><p>said</p><p>again</p></blockquote>", "> said\n>\n> again"),
        ("<pre><code>a  &lt; b\n c</code></pre>", "```\na  < b\n c\n```"),
        ("Use <code>a*b</code>", "Use `a*b`"),
        ("<p>a<script>alert(1)</script>b</p><style>p{}</style>", "ab"),
        ("<a href=\"javascript:alert(1)\">click</a>", "click"),
        ("<img src=x onerror=alert(1)><b onclick=\"x\">y</b>", "**y**"),
        ("<iframe src=\"https://video.example\">none</iframe>after", "after"),
        (
            "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "A | B\n\n1 | 2",
        ),
        ("First\nsecond\n\nThird\n<ul><li>x</li></ul>", "First\nsecond\n\nThird\n\n- x"),
        ("&lt;p&gt;Escaped &amp;amp; all&lt;/p&gt;", "Escaped & all"),
        ("<p>unclosed <b>bold<p>next", "unclosed **bold**\n\n**next**"),
    ] {
        assert_eq!(read(html), text, "{html}");
    }
}

#[test]
fn markdown_becomes_the_same() {
    for (markdown, text) in [
        ("One\ntwo\n\nthree", "One\ntwo\n\nthree"),
        ("**Bold** and _slanted_ and <b>bold</b>", "**Bold** and *slanted* and **bold**"),
        ("* one\n* two\n    * deeper", "- one\n- two\n  - deeper"),
        ("1) one\n2) two", "1. one\n2. two"),
        ("# Title\nText", "**Title**\n\nText"),
        (
            "[the paper](https://docs.example/p \"t\") and <https://docs.example/q>",
            "[the paper](https://docs.example/p) and https://docs.example/q",
        ),
        (
            "Slides: https://docs.example/a_b?c=d&e=f#g",
            "Slides: https://docs.example/a_b?c=d&e=f#g",
        ),
        ("> quoted\n> twice", "> quoted\n> twice"),
        ("```rust\nlet a = 1;\n```", "```\nlet a = 1;\n```"),
        ("    indented like a paragraph", "indented like a paragraph"),
        ("[x](javascript:alert(1))", "x"),
        ("![diagram](https://docs.example/d.png)", "[diagram](https://docs.example/d.png)"),
        ("Vec<T> and <your name> & co. &copy;", "Vec<T> and <your name> & co. ©"),
        ("2 * 3 * 4 and snake_case_name", "2 \\* 3 \\* 4 and snake_case_name"),
        ("a [b] (c) \\*d\\*", "a [b] (c) \\*d\\*"),
        ("1984\\. A year\n\\- not a list", "1984\\. A year\n\\- not a list"),
        ("Text<br>more <!-- note -->", "Text\nmore"),
    ] {
        assert_eq!(read(markdown), text, "{markdown}");
    }
}

#[test]
fn what_is_written_is_read_as_the_same() {
    for text in [
        "*a* **b** `c` [d](https://e.example/f)",
        "- one\n- two\n  - deeper\n    1. deepest\n\nEnd",
        "> quoted\n>\n> - item",
        "```\ncode ` < &\n\n  more\n```",
        "2 \\* 3, a\\_b, 1\\. not a list",
        "\\> not a quote\n\\# not a title",
        "AT&T, a < b > c, &amp",
        "`` a`b `` and ***both***",
    ] {
        let once = read(text);
        assert_eq!(read(&once), once, "{text}");
    }
}

#[test]
fn a_long_text_is_shortened() {
    let text = "word ".repeat(5_000);
    let (read, cut) = readable(&text, None, 1_000);
    assert!(cut && read.chars().count() <= 1_000 && read.ends_with('…'));
    let (read, cut) = readable(&format!("<p>{}</p>", "*".repeat(900)), None, 1_000);
    assert!(cut && read.chars().count() <= 1_000);
}

#[test]
fn hostile_texts_are_read_in_time() {
    for text in [
        "<b>".repeat(16_000),
        "<ul><li>".repeat(6_000),
        "<blockquote>".repeat(4_000),
        "<table>".repeat(7_000),
        "> ".repeat(20_000),
        "[".repeat(50_000),
        "*a ".repeat(16_000),
        "<a href='https://a.example'>".repeat(1_500),
        "&lt;".repeat(12_000),
        "`a".repeat(25_000),
        "<".repeat(50_000),
    ] {
        let (read, _) = readable(&text, None, 50_000);
        assert!(read.chars().count() <= 50_000);
    }
}

#[test]
fn titles_and_descriptions_of_rooms_have_no_marks() {
    assert_eq!(plain("Tea &amp; cake <b>now</b>"), "Tea & cake now");
    assert_eq!(plain("Vec<T> * R&D_x"), "Vec<T> * R&D_x");
    assert_eq!(
        plain_lines("<p>Left <a href='https://a.example/b'>map</a></p><ul><li>one</ul>"),
        "Left map (https://a.example/b)\n\n• one"
    );
}
