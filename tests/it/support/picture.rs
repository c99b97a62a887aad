//! A picture to upload.

/// A PNG of this width, with a private comment.
pub fn png(width: u32) -> Vec<u8> {
    let chunk = |name: &[u8], data: &[u8]| {
        let length = u32::try_from(data.len()).expect("small").to_be_bytes();
        [&length[..], name, data, &[0; 4]].concat()
    };
    let size = [width.to_be_bytes(), 40_u32.to_be_bytes()].concat();
    let chunks = [
        chunk(b"IHDR", &size),
        chunk(b"tEXt", b"at home"),
        chunk(b"IDAT", b""),
        chunk(b"IEND", b""),
    ];
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunks.concat()].concat()
}
