"""What a notebook shows is right and cannot run anything."""

from html.parser import HTMLParser

from IPython.core.formatters import HTMLFormatter
from jupyter_client.manager import start_new_kernel

NASTY = "<script>alert('x')</script>"
TEXT = f"Tehran denied the charge of {NASTY} & co. “It rained,” <b onclick=x>she</b> said. </div>"


class Reader(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text, self.marked, self.open = set(), set(), "", [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "mark" in self.open:
            self.marked[-1] += data
        if "sup" not in self.open:
            self.text += data


def shown(value):
    reader = Reader(HTMLFormatter()(value))
    assert reader.open == []
    assert reader.tags <= {"div", "p", "h4", "mark", "sup", "b", "br", "span"}
    assert reader.attributes <= {"style"}
    return reader


def test_claims_are_marked_in_their_article(model):
    claims = model.classify([TEXT], ids=[NASTY], titles=[NASTY], dates=[NASTY])
    reader = shown(claims)
    assert TEXT in reader.text
    assert reader.marked == [claim["text"] for claim in claims]
    assert NASTY in reader.marked[0]


def test_long_articles_show_their_claims(model):
    text = "Tehran denied the charge. " + "It rained. " * 3_000 + "Paris accused Tehran of a lie."
    claims = model.classify(text)
    reader = shown(claims)
    assert reader.marked == [claim["text"] for claim in claims]
    assert len(reader.text) < 500


def test_many_articles_are_cut(model):
    reader = shown(model.classify(["Tehran denied the charge."] * 30))
    assert "30 claims in 30 articles" in reader.text
    assert "and 10 more articles" in reader.text
    assert len(reader.marked) == 20


def test_sentences_without_a_label_and_no_claims(model):
    assert shown(model.classify("It rained.", all=True)).marked == ["It rained."]
    assert shown(model.classify("It rained.")).marked == []


def test_explanation_keeps_the_sentence(model):
    explanation = model.explain(TEXT)
    reader = shown(explanation)
    assert reader.text.count(TEXT) == len(model.labels)
    assert shown(model.explain("")).text.count("no, ") == len(model.labels)


def test_a_notebook_shows_a_bar_and_the_claims_without_being_asked():
    outputs = []
    manager, client = start_new_kernel()
    try:
        code = "import rejoinder, rejoinder._rejoinder as native\n"
        code += "texts = native.corpus(1, 1_000_000) * 20\n"
        code += "claims = rejoinder.Model.default().classify(texts, threads=1)\nclaims"
        reply = client.execute_interactive(code, timeout=300, output_hook=outputs.append)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert reply["content"]["status"] == "ok"
    told = "".join(str(output["content"]) for output in outputs if output["msg_type"] != "execute_result")
    assert "articles" in told
    assert "100%" in told
    [shown] = [output["content"]["data"] for output in outputs if output["msg_type"] == "execute_result"]
    assert "<mark" in shown["text/html"]
