"""What tags, roles and class names say about a part of a page."""

import re

NEVER_TEXT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "applet",
        "canvas",
        "svg",
        "audio",
        "video",
        "source",
        "track",
        "map",
        "button",
        "select",
        "datalist",
        "input",
        "textarea",
        "progress",
        "meter",
        "dialog",
        "head",
        "link",
        "meta",
        "base",
    ]
)
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
FURNITURE_TAGS = frozenset({"nav", "menu"})
FURNITURE_ROLES = frozenset(
    [
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
        "tablist",
        "complementary",
    ]
)
_WORDS = (
    # what asks for consent, attention or money
    "cookies?|consent|gdpr|ccpa|onetrust|didomi|usercentrics|adverts?|advertisements?|advertising|ads?|adsense|"
    "adslot|adbox|adunit|adcontainer|banner|sponsor(?:ed|s)?|promos?|promotions?|promoted|newsletters?|"
    "subscribe|subscription|signup|popup|carousel|playlist|slideshow|slider|videoplayer|video-player|video-resource|now-playing|modal|overlay|interstitial|outbrain|taboola|donate|donation|"
    # ways to elsewhere
    "nav|navbar|navigation|navi|menus?|submenu|breadcrumbs?|crumbs?|sidebars?|sidenav|sidebox|toc|"
    "pagination|pager|prevnext|prev|next|skiplink|related|relatedposts?|recommend(?:ed|ations?)?|recirc|"
    "readmore|morestories|moreon|more-stories|trending|popular|mostread|taglist|tags|tagcloud|"
    # what people do with a page
    "share|sharing|sharebar|sharedaddy|addthis|social|socials|sociallinks|follow|like|likes|comments?|"
    "commentlist|disqus|respond|reply|replies|feedback|rating|ratings|reactions|print|toolbar|login|"
    # frame
    "masthead|footer|colophon|copyright|widgets?|headerlink|anchorlink|screen-reader-text|sr-only|"
    "visually-hidden|visuallyhidden|noprint|hidden|authorbox|author-bio|authorbio|bio|bylines?|"
    "postmeta|post-meta|entry-meta|meta-bar"
)
FURNITURE = re.compile(rf"(?:^|[\s_-])(?:{_WORDS})(?:[\s_-]|$)", re.I)
CONTENT = re.compile(
    r"(?:^|[\s_-])(?:article|articlebody|content|main|body|post|entry|story|text|document|markdown|prose|"
    r"footnotes?|admonition|note|warning|tip)(?:[\s_-]|$)",
    re.I,
)
RELATED_TITLE = re.compile(
    r"\W*(?:(?:you (?:may|might) (?:also )?(?:like|enjoy|be interested in))|related(?: \w+){0,2}|"
    r"read (?:more|next|also)|more (?:from|on|in|stories|news)\b.*|most (?:read|popular)|recommended.*|"
    r"share this.*|trending.*|popular (?:now|posts|stories|articles)|latest (?:news|stories|posts|articles)|"
    r"leave a (?:reply|comment)|(?:\d+ )?comments?|about the author|sign up.*|subscribe.*|follow us.*|"
    r"advertisement|sponsored.*|up next|don.t miss|tags|in this (?:article|story)|on this page)\W*",
    re.I,
)
HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
FOOTNOTE = re.compile(
    r"(?:^|[\s_-])(?:footnotes?|endnotes?|fn|doc-footnote|doc-endnotes?)(?:[\s_-]|\d|$)", re.I
)
PERMALINK = re.compile(
    r"(?:^|[\s_-])(?:headerlink|anchor|anchorjs-link|permalink|hash-link|heading-anchor)(?:[\s_-]|$)", re.I
)
LINE_NUMBERS = re.compile(
    r"(?:^|[\s_-])(?:linenos?|lineno|line-numbers?|gutter|linenodiv|rouge-gutter)(?:[\s_-]|$)", re.I
)
