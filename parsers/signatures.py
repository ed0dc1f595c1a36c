"""What files begin with, and what to say of kinds that no parser reads."""

_OLE = "application/x-ole-storage"
_ISO_MEDIA = "video/mp4"
_HEAD_BYTES = 64
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/jp2"),
    (b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/x-rar"),
    (b"\x7fELF", "application/x-executable"),
    (b"{\\rtf", "application/rtf"),
    (b"%!PS", "application/postscript"),
    (b"AT&TFORM", "image/vnd.djvu"),
    (b"SQLite format 3\0", "application/x-sqlite3"),
    (b"PAR1", "application/x-parquet"),
    (b"WEBVTT", "text/vtt"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"\x1a\x45\xdf\xa3", "video/x-matroska"),
    (b"!BDN", "application/vnd.ms-outlook-pst"),
)
_ISO_BRANDS = {b"avif": "image/avif", b"avis": "image/avif"} | dict.fromkeys(
    (b"heic", b"heix", b"hevc", b"mif1", b"msf1"), "image/heic"
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_UNPACK = "unpack it, or pack it as .zip or .tar.gz"
_HEAR = "save its transcript as a .vtt, .srt or .txt file, and pass that"
_SAVE_PICTURE = "save it as .png or .jpg"

_CONVERT = "save it as .{0}, or convert it (`soffice --headless --convert-to {0} FILE`)"
_OLE_STREAMS = {
    "EncryptedPackage": "application/x-encrypted-office",
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "__properties_version1.0": "application/vnd.ms-outlook",
}

WHAT_TO_DO = {
    _OLE: "an old Office file of no known kind; save it as .docx, .xlsx or .pptx",
    "application/x-encrypted-office": "an Office file with a password; save it without one",
    "application/msword": f"an old Word file; {_CONVERT.format('docx')}",
    "application/vnd.ms-excel": f"an old Excel file; {_CONVERT.format('xlsx')}",
    "application/vnd.ms-powerpoint": f"an old PowerPoint file; {_CONVERT.format('pptx')}",
    "application/vnd.ms-outlook": "an Outlook message; save it as .eml",
    "application/x-7z-compressed": f"a 7z archive; {_UNPACK}",
    "application/x-rar": f"a RAR archive; {_UNPACK}",
    "application/zstd": f"compressed by zstd; {_UNPACK}",
    "application/gzip": "compressed by gzip, under a name that does not end in .gz; rename it",
    "application/x-bzip2": "compressed by bzip2, under a name that does not end in .bz2; rename it",
    "application/x-xz": "compressed by xz, under a name that does not end in .xz; rename it",
    "application/zip": "a ZIP archive whose name does not end in .zip; rename it",
    "application/rtf": f"an RTF file; {_CONVERT.format('docx')}",
    "application/postscript": "a PostScript file; make a PDF of it (ps2pdf)",
    "application/vnd.apple.iwork": "a file of Pages, Numbers or Keynote; export it as .docx, .xlsx or .pptx",
    "application/vnd.ms-outlook-pst": "an Outlook mailbox; export its mails as .eml or .mbox",
    "application/x-parquet": "a Parquet file; write its text column as .jsonl",
    "application/x-sqlite3": "an SQLite database; write what is to be read as .csv or .jsonl",
    "application/octet-stream": "a binary file of no known kind",
    "application/x-executable": "a program",
    "image/heic": f"a picture of a kind (HEIC) that is not read; {_SAVE_PICTURE}",
    "image/vnd.adobe.photoshop": f"a Photoshop picture; {_SAVE_PICTURE}",
    "image/vnd.djvu": "a DjVu file; make a PDF of it (ddjvu -format=pdf)",
    "image/wmf": f"a Windows drawing; {_SAVE_PICTURE}",
} | dict.fromkeys(
    ("audio/mpeg", "audio/flac", "audio/ogg", "audio/wav", _ISO_MEDIA, "video/x-matroska", "video/x-msvideo"),
    f"sound or video, which is not heard; {_HEAR}",
)
_PANDOC = "convert it (`pandoc FILE -o FILE.md`)"
WHAT_TO_DO_WITH_TEXT = {
    ".tex": f"a LaTeX source; {_PANDOC}, or pass its PDF",
    ".adoc": "an AsciiDoc source; convert it to HTML (`asciidoctor FILE`)",
    ".asciidoc": "an AsciiDoc source; convert it to HTML (`asciidoctor FILE`)",
    ".org": f"an Org source; {_PANDOC}",
    ".textile": f"a Textile source; {_PANDOC}",
    ".dbk": f"a DocBook source; {_PANDOC}",
    ".xml": "XML of no known kind; convert it to HTML or text",
    ".svg": "a drawing; save it as .png",
    ".yaml": "settings or data; write what is to be read as .jsonl",
    ".yml": "settings or data; write what is to be read as .jsonl",
}


def kind_by_signature(content: bytes) -> str | None:
    """Return the media type that a file's first bytes tell, None where they do not."""
    head = content[:_HEAD_BYTES]
    for start, kind in _STARTS:
        if head.startswith(start):
            return _ole_kind(content) if kind is _OLE else kind
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[:2] == b"BM" and head[6:10] == bytes(4):
        return "image/bmp"
    return _ISO_BRANDS.get(head[8:12], _ISO_MEDIA) if head[4:8] == b"ftyp" else None


def _ole_kind(content: bytes) -> str:
    """Return what an OLE container holds, by the names of its streams, which stand in it in UTF-16."""
    streams = _OLE_STREAMS.items()
    return next((kind for name, kind in streams if name.encode("utf-16-le") in content), _OLE)
