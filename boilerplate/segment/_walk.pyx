# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""The walk over a parsed page, compiled: `_walk.py` on the parser's own structures.

Both give the same page (`tests/test_compiled.py`): whoever changes one changes the other.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free, PyMem_Realloc
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport int64_t
from libc.string cimport memcpy, strchr, strcmp, strlen, strstr
from lxml.includes.etreepublic cimport _Document, _Element, elementFactory, import_lxml__etree
from lxml.includes.tree cimport (
    XML_CDATA_SECTION_NODE, XML_ELEMENT_NODE, XML_TEXT_NODE, XML_XINCLUDE_END, XML_XINCLUDE_START, xmlAttr, xmlNode,
)

from boilerplate.segment import tags as _tags
from boilerplate.segment import style as _style
from boilerplate.segment.inline import SENTENCE_END
from boilerplate.segment.page import LONGEST_TARGET as _LONGEST_TARGET
from boilerplate.segment import sentence as _sentence
from boilerplate.segment.sentence import place
from boilerplate.segment.style import effects, is_icon
from boilerplate.segment.unclosed import way_out

import_lxml__etree()

cdef extern from "Python.h":
    int Py_UNICODE_ISSPACE(Py_UCS4 ch)
    int Py_UNICODE_ISALNUM(Py_UCS4 ch)
    int Py_UNICODE_ISLOWER(Py_UCS4 ch)
    int PyOS_stricmp "PyOS_mystricmp" (const char* one, const char* other)
    int PyOS_strnicmp "PyOS_mystrnicmp" (const char* one, const char* other, Py_ssize_t size)
    str PyUnicode_New(Py_ssize_t size, Py_UCS4 maxchar)
    void* PyUnicode_DATA(object text)

cdef enum:
    INLINE, LINK, STRONG, BLOCK, SKIP, BREAK

assert (INLINE, LINK, STRONG, BLOCK, SKIP, BREAK) == (
    _tags.INLINE, _tags.LINK, _tags.STRONG, _tags.BLOCK, _tags.SKIP, _tags.BREAK
)

cdef enum:
    LINES = 1
    HIDDEN = 2
    WRAP = 4

cdef enum:
    GONE = 1
    BOXED = 2
    FLAT = 4
    KEPT_LINES = 8
    FOLDED = 16

assert (LINES, HIDDEN, WRAP) == (_style.LINES, _style.HIDDEN, _style.WRAP)
assert (GONE, BOXED, FLAT, KEPT_LINES, FOLDED) == (
    _style.GONE, _style.BOXED, _style.FLAT, _style.KEPT_LINES, _style.FOLDED
)

_ENDS = frozenset(map(ord, SENTENCE_END))
cdef Py_ssize_t LONGEST_TARGET = _LONGEST_TARGET

# The table of tags by the hash of their names: open addressing, never half full.
cdef enum:
    SLOTS = 512

cdef struct Tag:
    const char* name
    int kind
    int code
    bint breakout

cdef Tag _table[SLOTS]
_names = [tag.encode() for tag in _tags.TAGS]
_breakouts = [tag.encode() for tag in _tags.PICTURE_ENDS if tag not in _tags.TAGS]
_fonts = [name.encode() for name in _tags.BREAKOUT_FONT]
cdef int PICTURE = _tags.PICTURE
cdef int PRE = _tags.PRE, DIALOG = _tags.CODES["dialog"]
cdef int BUTTON = _sentence.BUTTON
cdef int STARTS = _sentence.STARTS
cdef int GOES_ON = _sentence.GOES_ON
cdef int FOLLOWED = _sentence.FOLLOWED
cdef bint _is_fallback[256]  # by code
for _code in _tags.FALLBACKS:
    _is_fallback[_code] = True
cdef bint _is_reading[256]
for _code in _tags.READINGS:
    _is_reading[_code] = True
cdef bint _can_be_flat[256]
for _code in _tags.CAN_BE_FLAT:
    _can_be_flat[_code] = True


cdef inline unsigned int _hash(const char* name) noexcept nogil:
    cdef unsigned int value = 2166136261u
    while name[0]:
        value = (value ^ <unsigned char>name[0]) * 16777619u
        name += 1
    return value ^ (value >> 15)


cdef _fill_table():
    cdef unsigned int at
    for name in _names:
        at = _hash(name) % SLOTS
        while _table[at].name is not NULL:
            at = (at + 1) % SLOTS
        _table[at].name = name
        _table[at].kind, _table[at].code = _tags.TAGS[name.decode()]
        _table[at].breakout = name.decode() in _tags.PICTURE_ENDS


_fill_table()


cdef inline bint _is_text(const xmlNode* node) noexcept nogil:
    return node.type == XML_TEXT_NODE or node.type == XML_CDATA_SECTION_NODE


cdef inline xmlNode* _before(xmlNode* node) noexcept nogil:
    """The node before a text node, less what belongs to the same text; NULL if its parent's first."""
    node = node.prev
    while node is not NULL and (
        _is_text(node) or node.type == XML_XINCLUDE_START or node.type == XML_XINCLUDE_END
    ):
        node = node.prev
    return node


cdef inline xmlNode* _skip(xmlNode* node) noexcept nogil:
    while node is not NULL and (node.type == XML_XINCLUDE_START or node.type == XML_XINCLUDE_END):
        node = node.next
    return node


cdef inline Py_UCS4 _next(const char* text, Py_ssize_t* at) noexcept nogil:
    """The character of UTF-8 at an offset, which is moved behind it. The parser gives valid UTF-8 only."""
    cdef const unsigned char* s = <const unsigned char*>text + at[0]
    if s[0] < 0x80:
        at[0] += 1
        return s[0]
    if s[0] < 0xE0:
        at[0] += 2
        return ((s[0] & 0x1F) << 6) | (s[1] & 0x3F)
    if s[0] < 0xF0:
        at[0] += 3
        return ((s[0] & 0x0F) << 12) | ((s[1] & 0x3F) << 6) | (s[2] & 0x3F)
    at[0] += 4
    return ((s[0] & 0x07) << 18) | ((s[1] & 0x3F) << 12) | ((s[2] & 0x3F) << 6) | (s[3] & 0x3F)


cdef inline bint _invisible(Py_UCS4 ch) noexcept nogil:
    return ch >= 0xAD and (ch == 0xAD or (0x200B <= ch <= 0x200F) or ch == 0x2060 or ch == 0xFEFF)


cdef inline bint _is_blank(const char* text, Py_ssize_t size) noexcept:
    cdef Py_ssize_t at = 0
    cdef Py_UCS4 ch
    while at < size:
        ch = _next(text, &at)
        if not Py_UNICODE_ISSPACE(ch) and not _invisible(ch):
            return False
    return True


cdef struct Part:
    const char* text
    Py_ssize_t size
    int64_t link
    int64_t owner
    bint strong
    int marks
    xmlNode* ref  # what lxml hangs the text on: the node before it, or its parent
    bint tail


cdef Py_ssize_t _stripped(Part* part) noexcept:
    """Characters of a part less the white space around it."""
    cdef Py_ssize_t at = 0, count = 0, last = 0
    cdef Py_UCS4 ch
    while at < part.size:
        ch = _next(part.text, &at)
        if Py_UNICODE_ISSPACE(ch):
            count += count > 0
        else:
            count += 1
            last = count
    return last


cdef class _Numbers:
    cdef int64_t* data
    cdef Py_ssize_t size, room

    def __dealloc__(self):
        PyMem_Free(self.data)

    cdef inline int push(self, int64_t value) except -1:
        cdef int64_t* data
        if self.size == self.room:
            self.room = 2 * self.room if self.room else 256
            data = <int64_t*>PyMem_Realloc(self.data, self.room * sizeof(int64_t))
            if data is NULL:
                raise MemoryError
            self.data = data
        self.data[self.size] = value
        self.size += 1
        return 0

    cdef give(self, numbers):
        if self.size:
            numbers.frombytes(<const unsigned char[:self.size * sizeof(int64_t)]><unsigned char*>self.data)


cdef struct Frame:
    xmlNode* node
    int kind
    int64_t here
    int64_t block
    int64_t link
    int strong
    int marks


cdef struct Attributes:
    const char* name  # class
    const char* ident
    const char* href
    const char* style
    bint hidden
    bint aria
    bint opened


cdef class _Walk:
    cdef list texts, targets, attrs, held, way
    cdef _Numbers hrefs  # of the page's links, by their ordinals: pointers to text, 0 for none
    cdef _Numbers link_chars, strong_chars, links, block_el, first_el, tags, parents, starts, ends
    cdef Part* parts
    cdef Py_ssize_t n_parts, part_room
    cdef char* buffer
    cdef Py_ssize_t buffer_room
    cdef Frame* frames
    cdef Py_ssize_t n_frames, frame_room
    cdef bint solid, broken
    cdef bint keep  # nodes
    cdef list nodes, refs
    cdef dict breaks, wraps, hidden
    cdef int marks  # of the text to come
    cdef _Document document

    def __cinit__(self, page, bint keep):
        self.keep, self.nodes, self.refs = keep, page.nodes, page.refs
        self.breaks, self.wraps, self.hidden = page.breaks, page.wraps, page.hidden
        self.texts, self.attrs, self.held, self.way = page.texts, page.attrs, [], []
        self.targets, self.hrefs = page.targets, _Numbers()
        self.hrefs.push(0)
        self.link_chars, self.strong_chars, self.links = _Numbers(), _Numbers(), _Numbers()
        self.block_el, self.first_el = _Numbers(), _Numbers()
        self.tags, self.parents, self.starts, self.ends = _Numbers(), _Numbers(), _Numbers(), _Numbers()

    def __dealloc__(self):
        PyMem_Free(self.parts)
        PyMem_Free(self.buffer)
        PyMem_Free(self.frames)

    cdef give(self, page):
        for name, numbers in (
            ("link_chars", self.link_chars), ("strong_chars", self.strong_chars), ("links", self.links),
            ("block_el", self.block_el), ("first_el", self.first_el), ("tags", self.tags),
            ("parents", self.parents), ("starts", self.starts), ("ends", self.ends),
        ):
            (<_Numbers>numbers).give(getattr(page, name))

    cdef Frame* open(self) except NULL:
        cdef Frame* frames
        if self.n_frames == self.frame_room:
            self.frame_room = 2 * self.frame_room if self.frame_room else 64
            frames = <Frame*>PyMem_Realloc(self.frames, self.frame_room * sizeof(Frame))
            if frames is NULL:
                raise MemoryError
            self.frames = frames
        self.n_frames += 1
        return &self.frames[self.n_frames - 1]

    cdef int add(
        self, const char* text, Py_ssize_t size, int64_t link, bint strong, int marks, int64_t owner, xmlNode* ref,
        bint tail,
    ) except -1:
        cdef Part* parts
        if self.n_parts == self.part_room:
            self.part_room = 2 * self.part_room if self.part_room else 64
            parts = <Part*>PyMem_Realloc(self.parts, self.part_room * sizeof(Part))
            if parts is NULL:
                raise MemoryError
            self.parts = parts
        self.parts[self.n_parts] = Part(text, size, link, owner, strong, marks, ref, tail)
        self.n_parts += 1
        return 0

    cdef int take(
        self, xmlNode* node, const char* text, Py_ssize_t size, int64_t link, int strong, int64_t here, int64_t block
    ) except -1:
        """Take a text node into the run."""
        cdef xmlNode* ref
        cdef Part* last
        if not self.solid:
            if _is_blank(text, size):
                return 0
            self.solid, self.broken = True, False
        elif self.broken and not _is_blank(text, size):
            # A line break ends the run, unless it only wraps a sentence.
            if self.goes_on(text, size):
                last = &self.parts[self.n_parts - 1]
                self.add("\n", 1, 0, False, WRAP, here, last.ref, last.tail)
            else:
                self.flush(block)
                self.solid = True
            self.broken = False
        ref = _before(node)
        return self.add(
            text, size, link, strong > 0, self.marks, here, ref if ref is not NULL else node.parent, ref is not NULL
        )

    cdef bint is_open(self) except -1:
        """Whether a sentence seems not to end with the run."""
        cdef Py_ssize_t at, i
        cdef Py_UCS4 ch, last = 0
        for i in range(self.n_parts - 1, -1, -1):
            at = 0
            while at < self.parts[i].size:
                ch = _next(self.parts[i].text, &at)
                if not Py_UNICODE_ISSPACE(ch) and not _invisible(ch):
                    last = ch
            if last:
                break
        return not last or <int>last not in _ENDS

    cdef bint goes_on(self, const char* text, Py_ssize_t size) except -1:
        """Whether a text behind a line break goes on with the run's last sentence."""
        cdef Py_ssize_t at = 0
        cdef Py_UCS4 ch
        if not self.is_open():
            return False
        while at < size:
            ch = _next(text, &at)
            if not Py_UNICODE_ISSPACE(ch) and not _invisible(ch):
                return Py_UNICODE_ISLOWER(ch)
        return False

    cdef int flush(self, int64_t block) except -1:
        """End a run that holds text: make a block of it, or one a link if it is nothing but links."""
        cdef Py_ssize_t i, first
        cdef int64_t current
        cdef Part* parts = self.parts
        self.solid = False
        links = set()
        if self.n_parts > 1:
            for i in range(self.n_parts):
                if parts[i].link:
                    links.add(parts[i].link)
        if len(links) > 1 and self.only_links():
            first = current = 0
            for i in range(self.n_parts):
                if parts[i].link and parts[i].link != current:
                    if i > first:
                        self.emit(first, i, block, 1)
                        first = i
                    current = parts[i].link
            self.emit(first, self.n_parts, block, 1)
        elif self.n_parts == 1:
            self.emit(0, 1, block, parts[0].link > 0)
        else:
            self.emit(0, self.n_parts, block, len(links))
        self.n_parts = 0
        self.held.clear()
        return 0

    cdef bint only_links(self) noexcept:
        """Whether the parts are links and separators between them only."""
        cdef Py_ssize_t i, at
        cdef Py_UCS4 ch  # the tests of characters are macros, which look at theirs more than once
        for i in range(self.n_parts):
            at = 0
            while not self.parts[i].link and at < self.parts[i].size:
                ch = _next(self.parts[i].text, &at)
                if Py_UNICODE_ISALNUM(ch):
                    return False
        return True

    cdef int emit(self, Py_ssize_t low, Py_ssize_t high, int64_t block, int64_t links) except -1:
        """Make a block of some parts: white space folded, what cannot be seen left out."""
        cdef Py_ssize_t i, at, before, room = 1, size = 0, wide = 0, linked = 0, strong = 0, length
        cdef Py_ssize_t n, shown  # bytes of a part; where its text starts in the block
        cdef Py_UCS4 ch, joiner = 0
        cdef bint space = False  # white space is due
        cdef int marks, ends = 0  # the mark of a line end in that white space
        cdef list breaks = None, wraps = None, hidden = None
        cdef int64_t target
        cdef const char* text
        cdef char* out
        cdef Part* parts = self.parts
        for i in range(low, high):
            room += parts[i].size
        if room > self.buffer_room:
            out = <char*>PyMem_Realloc(self.buffer, 2 * room)
            if out is NULL:
                raise MemoryError
            self.buffer, self.buffer_room = out, 2 * room
        out = self.buffer
        for i in range(low, high):
            text, at, n, marks, shown = parts[i].text, 0, parts[i].size, parts[i].marks, -1
            while at < n:
                before = at
                ch = _next(text, &at)
                if Py_UNICODE_ISSPACE(ch):
                    space = size > 0
                    if ch == c"\n" and space:
                        ends |= marks & (LINES | WRAP)
                    joiner = 0
                    continue
                if ch >= 0x80 and _invisible(ch):
                    if (ch == 0x200C or ch == 0x200D) and not joiner and size and not space:
                        joiner = ch
                    continue
                if space:
                    if ends & LINES:
                        if breaks is None:
                            breaks = []
                        breaks.append(size - wide)
                    elif ends:
                        if wraps is None:
                            wraps = []
                        wraps.append(size - wide)
                    out[size] = c" "
                    size += 1
                    space, ends = False, 0
                elif joiner:
                    out[size], out[size + 1], out[size + 2] = 0xE2, 0x80, 0x80 | (<int>joiner & 0x3F)
                    size += 3
                    wide += 2
                joiner = 0
                if shown < 0:
                    shown = size - wide
                wide += at - before - 1
                while before < at:
                    out[size] = text[before]
                    size += 1
                    before += 1
                while at < n and 0x20 < <unsigned char>text[at] < 0x80:  # the rest of most words
                    out[size] = text[at]
                    size += 1
                    at += 1
            if shown >= 0 and marks & HIDDEN:
                if hidden is None:
                    hidden = []
                if hidden and hidden[len(hidden) - 1][1] >= shown - 1:
                    shown = hidden.pop()[0]
                hidden.append((shown, size - wide))
        if not size:
            return 0
        if wraps is not None:
            self.wraps[len(self.texts)] = wraps
        if breaks is not None:
            self.breaks[len(self.texts)] = breaks
        if hidden is not None:
            self.hidden[len(self.texts)] = hidden
        if wide:
            block_text = PyUnicode_DecodeUTF8(out, size, NULL)
        else:
            block_text = PyUnicode_New(size, 127)
            memcpy(PyUnicode_DATA(block_text), out, size)
        self.texts.append(block_text)
        length = size - wide
        if high - low == 1:
            linked = length if parts[low].link else 0
            strong = length if parts[low].strong else 0
            first = parts[low].owner
        else:
            first = -1
            for i in range(low, high):
                if links and parts[i].link:
                    linked += _stripped(&parts[i])
                if parts[i].strong:
                    strong += _stripped(&parts[i])
                if first < 0 and _stripped(&parts[i]):
                    first = parts[i].owner
        target = 0
        for i in range(low, high):
            if parts[i].link:
                target = self.hrefs.data[parts[i].link]
                break
        self.targets.append(_start_of(<const char*><size_t>target) if target else b"")
        self.links.push(links)
        self.link_chars.push(min(linked, length))
        self.strong_chars.push(min(strong, length))
        self.block_el.push(block)
        self.first_el.push(first)
        if self.keep:
            refs = []
            for i in range(low, high):
                if high - low == 1 or _stripped(&parts[i]):
                    refs.append((elementFactory(self.document, parts[i].ref), bool(parts[i].tail)))
            self.refs.append(refs)
        return 0

    cdef xmlNode* text_of(self, xmlNode* node, const char** text, Py_ssize_t* size) except? NULL:
        """Text from a text node on; returns the node behind it."""
        cdef xmlNode* behind = _skip(node.next)
        text[0] = <const char*>node.content
        size[0] = strlen(text[0]) if text[0] is not NULL else 0
        if behind is NULL or not _is_text(behind):
            return behind
        pieces = [text[0][:size[0]]]
        while behind is not NULL and _is_text(behind):
            if behind.content is not NULL:
                pieces.append(<bytes>(<const char*>behind.content))
            behind = _skip(behind.next)
        whole = b"".join(pieces)
        self.held.append(whole)  # as long as the run points to it
        text[0], size[0] = PyBytes_AS_STRING(whole), PyBytes_GET_SIZE(whole)
        return behind

    cdef bint find_way(self, xmlNode* element, int code) except -1:
        """Find the elements from what ends an unclosed element up to the element's child: see `unclosed.way_out`."""
        if code == PICTURE:
            return self.find_way_out_of_picture(element)
        if element.children is not NULL:
            for inner in way_out(elementFactory(self.document, element)):
                self.way.append(<size_t>(<_Element>inner)._c_node)
        return len(self.way) > 0

    cdef bint find_way_out_of_picture(self, xmlNode* picture) except -1:
        cdef xmlNode* node = picture.children
        while node is not NULL:
            if node.type == XML_ELEMENT_NODE:
                if _breaks_out(node):
                    while node is not picture:
                        self.way.append(<size_t>node)
                        node = node.parent
                    return True
                if node.children is not NULL:
                    node = node.children
                    continue
            while node is not picture and node.next is NULL:
                node = node.parent
            if node is picture:
                break
            node = node.next
        return False

    cdef bint is_in_sentence(self, xmlNode* node) except -1:
        """Whether a box is a part of a sentence: see `sentence`."""
        cdef int where
        if not _is_followed(node):
            return False
        where = place(elementFactory(self.document, node))
        if where == STARTS:
            return True
        if not self.solid or self.broken:
            return False
        return where == GOES_ON or (where == FOLLOWED and self.is_open())

    cdef int effects_of(self, xmlNode* node, int kind, int code, const Attributes* found) except -1:
        """Effects of an element's attributes, as bits: see `style`."""
        cdef int effect = 0
        cdef const char* text
        cdef Py_ssize_t size
        if found.style is not NULL and _tells(found.style):
            effect = effects(_decoded(found.style))
        if found.hidden or (code == DIALOG and not found.opened):
            effect |= GONE
        if kind == INLINE and (found.aria or strstr(found.name, "material-") is not NULL):
            node = _skip(node.children)
            if node is not NULL and _is_text(node):
                self.text_of(node, &text, &size)
                if is_icon(_decoded(found.name), text[:size].decode(), found.aria):
                    effect |= GONE
        return effect

    cdef run(self, _Element root):
        cdef xmlNode* node = root._c_node
        cdef xmlNode* behind
        cdef Frame* frame
        cdef int64_t here = -1, block = -1, link = 0, n_links = 0, number
        cdef int strong = 0, kind, code, effect, boxed
        cdef Attributes found
        cdef const char* text
        cdef Py_ssize_t size
        self.document = root._doc
        while True:
            if node is NULL:
                if not self.n_frames:
                    break
                frame = &self.frames[self.n_frames - 1]
                if self.solid and frame.kind == BLOCK:
                    self.flush(block)
                self.ends.data[here] = len(self.texts) + (self.solid and frame.kind != BLOCK)
                here, block, link, strong = frame.here, frame.block, frame.link, frame.strong
                self.marks = frame.marks
                node = _skip(frame.node.next) if here >= 0 else NULL
                self.n_frames -= 1
                continue
            if _is_text(node):
                behind = self.text_of(node, &text, &size)
                if size and here >= 0:
                    self.take(node, text, size, link, strong, here, block)
                node = behind
                continue
            if node.type != XML_ELEMENT_NODE:
                kind = SKIP
            else:
                _look_up(node, &kind, &code)
            if self.way or (
                kind == SKIP and node.type == XML_ELEMENT_NODE and _is_fallback[code] and self.find_way(node, code)
            ):
                kind = INLINE
            if kind == BREAK:
                if self.solid:
                    if self.broken:
                        self.flush(block)
                    self.broken = not self.broken
            elif kind != SKIP:
                _read(node, &found)
                effect = 0
                if not self.way:
                    effect = self.effects_of(node, kind, code, &found)
                    if effect & FLAT and _can_be_flat[code]:
                        kind = INLINE
                    elif kind == BLOCK and (code == BUTTON or (code == 0 and _has_dash(node))) and self.is_in_sentence(node):
                        kind = INLINE
                    if _is_reading[code]:
                        effect |= GONE
                boxed = BLOCK if kind == BLOCK or effect & BOXED else kind
                if boxed == BLOCK and self.solid:
                    self.flush(block)
                number = self.tags.size
                self.tags.push(code)
                self.attrs.append(_names_of(&found))
                self.parents.push(here)
                self.starts.push(len(self.texts))
                self.ends.push(0)
                if self.keep:
                    self.nodes.append(elementFactory(self.document, node))
                frame = self.open()
                frame[0] = Frame(node, boxed, here, block, link, strong, self.marks)
                here = number
                if boxed == BLOCK:
                    block = number
                if kind == LINK:
                    n_links += 1
                    link = n_links
                    self.hrefs.push(<int64_t><size_t>found.href)
                elif kind == STRONG:
                    strong += 1
                if code == PRE:
                    self.marks |= LINES
                if effect:
                    self.marks = _marks_under(self.marks, effect)
                node = <xmlNode*><size_t>self.way.pop() if self.way else _skip(node.children)
                continue
            node = _skip(node.next) if here >= 0 else NULL
        if self.solid:
            self.flush(block)


cdef int _look_up(const xmlNode* node, int* kind, int* code) except -1:
    cdef const char* name = <const char*>node.name
    cdef unsigned int at
    if node.ns is NULL:
        at = _hash(name) % SLOTS
        while _table[at].name is not NULL:
            if strcmp(_table[at].name, name) == 0:
                kind[0], code[0] = _table[at].kind, _table[at].code
                return 0
            at = (at + 1) % SLOTS
        tag = name.decode()
    else:
        tag = f"{{{(<const char*>node.ns.href).decode()}}}{name.decode()}"
    kind[0], code[0] = _tags.unknown(tag)
    return 0


cdef bint _breaks_out(const xmlNode* node) except -1:
    cdef const char* name = <const char*>node.name
    cdef unsigned int at = _hash(name) % SLOTS
    cdef const xmlAttr* attribute
    if node.ns is not NULL:
        return False
    while _table[at].name is not NULL:
        if strcmp(_table[at].name, name) == 0:
            break
        at = (at + 1) % SLOTS
    if _table[at].name is NULL:
        return name in _breakouts
    if not _table[at].breakout or strcmp(name, "font"):
        return _table[at].breakout
    attribute = <const xmlAttr*>node.properties
    while attribute is not NULL:
        if attribute.ns is NULL and <const char*>attribute.name in _fonts:
            return True
        attribute = attribute.next
    return False


cdef const char* _value(const xmlAttr* attribute) noexcept nogil:
    if attribute.children is NULL or attribute.children.content is NULL:
        return b""
    return <const char*>attribute.children.content


cdef void _read(const xmlNode* node, Attributes* found) noexcept:
    """Find the attributes of an element that the walk asks for."""
    cdef const xmlAttr* attribute = <const xmlAttr*>node.properties
    cdef const char* name
    found.name = found.ident = b""
    found.href = found.style = NULL
    found.hidden = found.aria = found.opened = False
    while attribute is not NULL:
        if attribute.ns is NULL:
            name = <const char*>attribute.name
            if name[0] == c"c":
                if strcmp(name, "class") == 0:
                    found.name = _value(attribute)
            elif name[0] == c"i":
                if strcmp(name, "id") == 0:
                    found.ident = _value(attribute)
            elif name[0] == c"s":
                if strcmp(name, "style") == 0:
                    found.style = _value(attribute)
            elif name[0] == c"h":
                if strcmp(name, "href") == 0:
                    found.href = _value(attribute)
                elif strcmp(name, "hidden") == 0:
                    found.hidden = PyOS_stricmp(_value(attribute), "until-found") != 0
            elif name[0] == c"o":
                if strcmp(name, "open") == 0:
                    found.opened = True
            elif name[0] == c"a":
                if strcmp(name, "aria-hidden") == 0:
                    found.aria = PyOS_stricmp(_value(attribute), "true") == 0
        attribute = attribute.next


cdef bint _tells(const char* style) noexcept:
    """Whether a style may have one of the effects that are looked for."""
    while style[0]:
        if (
            ((style[0] | 0x20) == c"d" and PyOS_strnicmp(style, "display", 7) == 0)
            or ((style[0] | 0x20) == c"v" and PyOS_strnicmp(style, "visibility", 10) == 0)
            or ((style[0] | 0x20) == c"w" and PyOS_strnicmp(style, "white-space", 11) == 0)
        ):
            return True
        style += 1
    return False


cdef inline int _marks_under(int marks, int effect) noexcept nogil:
    if effect & GONE:
        marks |= HIDDEN
    if effect & KEPT_LINES:
        return marks | LINES
    return marks & ~LINES if effect & FOLDED else marks


cdef bint _is_followed(const xmlNode* node) noexcept:
    """Whether text may stand behind a box on its line: most boxes are apart, and `sentence` takes longer to say so."""
    cdef const xmlNode* behind
    cdef const char* text
    cdef int level, kind, code
    for level in range(64):
        behind = node.next
        if behind is not NULL and _is_text(behind):
            text = <const char*>behind.content
            if text is not NULL and not _is_blank(text, strlen(text)):
                return True
            behind = behind.next
        if behind is not NULL:
            if behind.type != XML_ELEMENT_NODE:
                return True
            _look_up(<xmlNode*>behind, &kind, &code)
            return kind != BLOCK and kind != BREAK
        node = node.parent
        if node is NULL or node.type != XML_ELEMENT_NODE:
            return False
    return False


cdef bint _has_dash(const xmlNode* node) noexcept nogil:
    return node.ns is NULL and strchr(<const char*>node.name, c"-") is not NULL


cdef bytes _start_of(const char* address):
    """The first `LONGEST_TARGET` bytes of an address."""
    cdef Py_ssize_t size = 0
    while size < LONGEST_TARGET and address[size]:
        size += 1
    return PyBytes_FromStringAndSize(address, size)


cdef str _decoded(const char* value):
    return PyUnicode_DecodeUTF8(value, strlen(value), NULL)


cdef str _names_of(const Attributes* found):
    """Class and id of an element, as ``class#id``."""
    if not found.ident[0]:
        return _decoded(found.name) if found.name[0] else ""
    return f"{_decoded(found.name)}#{_decoded(found.ident)}"


def walk(_Element root not None, page, bint nodes):
    """Cut the tree under `root` into the blocks of `page`, which is empty; `nodes`: whether to keep nodes and refs."""
    state = _Walk(page, nodes)
    state.run(root)
    state.give(page)


def title(_Element root not None):
    """Text of the first ``title`` that has any and is not a picture's."""
    cdef xmlNode* top = root._c_node
    cdef xmlNode* node = top
    cdef xmlNode* child
    cdef bint picture
    while True:
        if node.type == XML_ELEMENT_NODE and node.ns is NULL and strcmp(<const char*>node.name, "title") == 0:
            picture, child = False, node
            while child is not top and not picture:
                child = child.parent
                picture = child.ns is NULL and strcmp(<const char*>child.name, "svg") == 0
            pieces = []
            child = NULL if picture else _skip(node.children)
            while child is not NULL and _is_text(child):
                if child.content is not NULL:
                    pieces.append(<bytes>(<const char*>child.content))
                child = _skip(child.next)
            text = b"".join(pieces)
            if text:
                return text.decode()
        if node.type == XML_ELEMENT_NODE and node.children is not NULL:
            node = node.children
            continue
        while node is not top and node.next is NULL:
            node = node.parent
        if node is top:
            return ""
        node = node.next
