"""A page that tries what a hostile page can try."""

from __future__ import annotations

from helpers import STORY

HOSTILE = (
    "<!DOCTYPE html><html onload=steal()><head><title>Warga menanam bakau</title><base href=//evil.example>"
    '<meta http-equiv=refresh content="0;url=http://evil.example/"><link rel=stylesheet href=http://evil.example/x.css>'
    "<style>*{display:none!important}body{background:url(http://evil.example/y)}</style>"
    "<script>document.title='taken'</script></head><body onclick=steal() style='position:fixed'>"
    "<h1>Warga menanam bakau</h1>"
    "<svg><script>parent.document.title='taken'</script><a href=javascript:steal()>x</a></svg>"
    "<iframe src=http://evil.example/f srcdoc='<script>top.document.title=1</script>'></iframe>"
    "<img src=http://evil.example/i.png onerror=\"document.title='taken'\"><form action=http://evil.example/><input></form>"
    "<object data=http://evil.example/o></object><embed src=http://evil.example/e><video src=http://evil.example/v></video>"
    + "".join(f"<p style='color:expression(steal())' onmouseover=steal()>{text}</p>" for text in STORY)
    + "<p>&lt;script&gt;document.title='taken'&lt;/script&gt; </p><a href='javascript:steal()'>Baca &quot; juga</a>"
    "<div style='position:fixed;inset:0;z-index:99999'>Menutupi semua</div>"
)
