"""What tags, roles and class names say about a part of a page."""

import re

NEVER_TEXT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "noframes",
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
        "rt",  # how to say what stands below it
        "rp",
        "del",  # struck out
        "s",
        "strike",
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
    "nav|navbar|navbox|navboxes|editsection|navigation|navi|menus?|submenu|breadcrumbs?|crumbs?|sidebars?|sidenav|sidebox|toc|"
    "pagination|pager|prevnext|prev|next|skiplink|related|relatedposts?|recommend(?:ed|ations?)?|recirc|"
    "readmore|morestories|moreon|more-stories|trending|popular|mostread|taglist|tags|tagcloud|"
    # what people do with a page
    "share|sharing|sharebar|sharedaddy|addthis|social|socials|sociallinks|follow|like|likes|comments?|"
    "commentlist|disqus|respond|reply|replies|feedback|rating|ratings|reactions|print|toolbar|login|"
    # frame
    "masthead|footer|entryfooter|colophon|copyright|widgets?|textwidget|headerlink|anchorlink|screen-reader-text|sr-only|"
    "visually-hidden|visuallyhidden|off-screen|offscreen|hide-text|noprint|hidden|authorbox|author-box|author-bio|authorbio|bio|bylines?|"
    "postmeta|post-meta|entry-meta|meta-bar|(?:input|output)[_-]prompt|"
    # what archives of the web put over a page
    "wm-ipp|wm-ipp-base|donato"
)
_COOKIES = "cookie(?:bot|consent|banner|bar|notice|notification|law|message|dialog|popup|layer|wall|hinweis)"
FURNITURE = re.compile(rf"(?:^|[\s_-])(?:{_WORDS})(?:[\s_-]|$)|{_COOKIES}", re.I)
# They hold a word of furniture, yet name a builder's box, a hidden label, or a section with adverts in it.
NEUTRAL = re.compile(
    r"elementor-widget(?=[\s-]|$)|label-hidden|toc-backref|--(?:ads?|adverts?)(?=\s|$)", re.I
)
# How a link opens says nothing of what it is: a word of a sentence, with its meaning behind it.
OPENS = re.compile(r"popup|modal|overlay", re.I)
# A whole class or id that leaves no doubt.
BESIDE = re.compile(
    r"(?:^|\s)(?:sidebar|comments|comment-?list|related(?:[_-]?(?:posts|articles))?)(?:\s|$)", re.I
)
LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|intro|introduction|standfirst|dek|vorspann|abstract|summary|chapo|entradilla)(?:[\s_-]|$)",
    re.I,
)
TEASER = re.compile(r"(?:^|[\s_-])teasers?(?:[\s_-]|$)", re.I)
CONTENT = re.compile(
    r"(?:^|[\s_-])(?:article|articlebody|content|main|body|post|entry|story|text|document|markdown|prose|"
    r"footnotes?|admonition|note|warning|tip)(?:[\s_-]|$)",
    re.I,
)
# A whole class or id that is an article's own, whatever word of furniture stands beside it.
ARTICLE = re.compile(
    r"(?:^|\s)(?:article|story|post|entry)[_-]?(?:content|body|text|description|copy)(?:\s|$)", re.I
)
# A caption that says who made a picture, and nothing of what is in it.
CREDIT = re.compile(
    r"\W*(?:(?:photo|image|picture|video|screenshot|illustration|foto|bild)s?"
    r"(?: ?[:/©]| (?:credits?|by|via)\b)|"
    r"(?:foto)?credits? ?:|crédits?(?: photo)? ?:|courtesy of|©|\(c\))[^.!?]{0,80}\W?",
    re.I,
)
RELATED_TITLE = re.compile(
    r"\W*(?:(?:you (?:may|might) (?:also )?(?:like|enjoy|be interested in))|related(?: \w+){0,2}|"
    r"read (?:more|next|also)|more (?:from|on|in|stories|news)\b.*|most (?:read|popular)|recommended.*|"
    r"share this.*|trending.*|popular (?:now|posts|stories|articles)|latest (?:news|stories|posts|articles)|"
    r"leave a (?:reply|comment)|(?:\d+ )?comments?|about the author|sign up.*|subscribe.*|follow us.*|"
    r"advertisement|sponsored.*|up next|don.t miss|tags|in this (?:article|story)|on this page|"
    r"weiterführende(?:r)? links?|mehr zum thema|lesen sie auch|auch interessant|weiterlesen|"
    r"kommentare(?: geschlossen)?|(?:à )?lire aussi|sur le même sujet|articles liés|commentaires|"
    r"lea también|te puede interesar|(?:noticias|artículos) relacionad[ao]s|comentarios|leia (?:também|mais)|"
    r"leggi anche|articoli correlati|lees ook|читайте также|по теме|相关(?:新闻|阅读|链接|文章)|延伸阅读|"
    r"関連(?:記事|ニュース|リンク)|(?:เรื่อง|ข่าว)ที่เกี่ยวข้อง|اقرأ أيضا|관련 ?(?:기사|뉴스))\W*",
    re.I,
)
PAGING_RELATIONS = frozenset({"next", "prev", "previous", "up"})
PAGING = re.compile(
    r"[\W_]*(?P<way>next|prev(?:ious)?|up|weiter|zurück|suivant|précédent|siguiente|anterior|下一页|上一页)"
    r"(?: (?:page|chapter|section))?[\W_]*",
    re.I,
)
TAB = re.compile(r"(?:^|[\s_-])tab-?(?:pane|panel|content)(?:[\s_-]|$)", re.I)
HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
FOOTNOTE = re.compile(
    r"(?:^|[\s_-])(?:footnotes?|endnotes?|fn|doc-footnote|doc-endnotes?)(?:[\s_-]|\d|$)", re.I
)
PERMALINK = re.compile(
    r"(?:^|[\s_-])(?:headerlink|anchor|anchorjs-link|permalink|hash-link|heading-anchor)(?:[\s_-]|$)", re.I
)
LINE_NUMBERS = re.compile(
    r"(?:^|[\s_-])(?:linenos?|lineno|line-numbers?|gutter|linenodiv|rouge-gutter|blob-num)(?:[\s_-]|$)", re.I
)
