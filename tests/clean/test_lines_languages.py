"""Plain text in many languages and forms: the story comes out whole, and what surrounds it does not."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

import pytest

from pipeline.clean import clean
from pipeline.model import Document, Page


class Sample(NamedTuple):
    headline: str
    story: list[str]
    below: list[str]


SAMPLES = {
    "english": Sample(
        "Lighthouse keeper retires after four decades on the rock",
        [
            "The last keeper of the lighthouse at Skarn Point left the island on Friday, forty-one years "
            "after "
            "he had come for a single summer, and handed his keys to an engineer who will visit twice a "
            "year.",
            "“I was told that it would be lonely,” he said on the quay. “Nobody told me about the noise of "
            "the "
            "birds.” His two dogs had gone ahead on the mail boat, along with eleven boxes of books.",
            "The lamp has run without a hand on it since 1998, but the harbour council kept the post because "
            "the keeper also measured the rain, counted the seals and mended the path to the landing.",
        ],
        ["Related Articles", "Share on Facebook", "Leave a Reply", "Back to top"],
    ),
    "german": Sample(
        "Stadtbücherei öffnet künftig auch in der Nacht",
        [
            "Die Stadtbücherei von Hallenbrück bleibt vom kommenden Montag an rund um die Uhr geöffnet. Wer "
            "einen Ausweis hat, kommt mit einer Karte hinein; das Personal geht wie bisher um 19 Uhr nach "
            "Hause.",
            "„Wir haben lange gezögert“, sagte die Leiterin, Frauke Ohlsen, am Mittwoch. „Aber in anderen "
            "Städten ist in zehn Jahren weniger gestohlen worden als bei uns an einem einzigen Flohmarkt.“",
            "Für den Umbau hat die Stadt 310.000 Euro ausgegeben, vor allem für Türen, Kameras und eine neue "
            "Lüftung. Ob sich das lohnt, soll nach einem Jahr geprüft werden.",
        ],
        ["Mehr zum Thema", "Artikel teilen", "Schreiben Sie einen Kommentar", "Nach oben"],
    ),
    "french": Sample(
        "Le dernier moulin de la vallée retrouve ses ailes",
        [
            "Le moulin de Brancy, arrêté depuis 1956, a tourné dimanche pour la première fois devant trois "
            "cents "
            "habitants du village, qui avaient financé eux-mêmes la restauration de ses quatre ailes.",
            "« Mon grand-père y portait son blé », raconte Odile Vasseur, la présidente de l'association, "
            "qui a "
            "consacré six ans de sa vie à ce projet et ne sait pas encore ce qu'elle fera ensuite.",
            "La farine sera vendue au marché du samedi. La commune espère attirer, dès le printemps, les "
            "promeneurs qui suivent la rivière à vélo sans jamais s'arrêter.",
        ],
        ["À lire aussi", "Partager cet article", "Laisser un commentaire", "Haut de page"],
    ),
    "spanish": Sample(
        "Un pueblo sin coches celebra su primer año",
        [
            "El pueblo de Valdorra cumple este martes un año sin coches en sus calles, una medida que el "
            "ayuntamiento aprobó por un solo voto y que hoy apoya, según una encuesta, el 71 % de los "
            "vecinos.",
            "«Al principio nos llamaban locos», recuerda la alcaldesa, Inés Tordera, que va al trabajo en "
            "burro "
            "los días de fiesta. «Ahora vienen de otros pueblos para preguntarnos cómo lo hemos hecho».",
            "Los comercios temían perder clientes, pero las ventas han crecido un 9 %. Solo el taller "
            "mecánico "
            "ha tenido que mudarse al polígono, donde asegura que le va mejor.",
        ],
        ["Noticias relacionadas", "Compartir", "Deja un comentario", "Volver arriba"],
    ),
    "russian": Sample(
        "Старый трамвай снова вышел на линию",
        [
            "В городе Заречинске после двенадцати лет ремонта на линию вышел трамвай 1934 года постройки. "
            "Первый "
            "рейс в субботу утром собрал почти двести человек, и не все из них смогли войти в вагон.",
            "«Мы искали детали по всей стране, — рассказал начальник депо Игорь Лаптев. — Некоторые пришлось "
            "делать заново по чертежам, которые хранились у бывшего мастера на чердаке».",
            "Трамвай будет ходить по выходным до конца октября. Билет стоит столько же, сколько в обычном "
            "вагоне, а детям разрешат звонить в колокол на конечной остановке.",
        ],
        ["Читайте также", "Поделиться", "Подписаться на рассылку", "Все права защищены"],
    ),
    "arabic": Sample(
        "مكتبة متنقلة تصل إلى القرى البعيدة",
        [
            "وصلت صباح الأحد مكتبة متنقلة إلى قرية وادي الزيتون بعد رحلة استغرقت خمس ساعات على طريق جبلي "
            "ضيق، "
            "وكان في استقبالها عشرات الأطفال الذين لم يدخلوا مكتبة من قبل، كما قالت معلمتهم.",
            "وقال سائق الحافلة إنه يحمل أكثر من ألفي كتاب، معظمها هدايا من سكان العاصمة، وإنه يعرف أسماء "
            "القراء "
            "الصغار جميعا بعد عام واحد من العمل في هذه المنطقة.",
            "وتخطط الوزارة لشراء ثلاث حافلات أخرى في العام المقبل، غير أن وقود الرحلات ما زال يأتي من تبرعات "
            "التجار في المدن القريبة.",
        ],
        ["اقرأ أيضا", "شارك المقال", "اشترك في النشرة البريدية", "جميع الحقوق محفوظة"],
    ),
    "chinese": Sample(
        "老渡口重新开放，村民免费过河",
        [
            "停运二十三年的青石渡口星期六重新开放。清晨六点，第一班渡船载着四十多名村民离开码头，其中年纪最大的已经"
            "九十一岁，她说上一次坐船还是送女儿出嫁的那一天。",
            "“桥修好以后，大家都忘了这条河。”船工周德海说，“可是绕桥要走一个小时，坐船只要八分钟，"
            "老人和孩子都愿意坐船。”他的父亲和祖父都曾在这里撑船。",
            "镇政府表示，渡船由新能源电池驱动，每天往返十二次，本地居民免费，游客每人收取两元。"
            "如果年底前乘客超过三万人次，将再添置一艘新船。",
        ],
        ["相关阅读", "分享到微信", "发表评论", "返回顶部"],
    ),
    "japanese": Sample(
        "山の分校、最後の卒業式",
        [
            "標高千二百メートルにある白根分校で二十日、最後の卒業式が開かれた。卒業生は六年生の一人だけで、"
            "会場の体育館には村の住民のほぼ全員にあたる八十人が集まり、長い拍手を送った。",
            "「寂しいですが、ここで学んだことは忘れません」と卒業生は話した。担任の教諭は、冬の朝に二人で"
            "雪かきをしてから授業を始めた日々を振り返り、何度も言葉に詰まった。",
            "校舎は取り壊さず、春から宿泊施設として使われる予定だ。村は給食室を食堂に改修し、地元の野菜を使った"
            "料理を出すことを検討しているという。",
        ],
        ["関連記事", "シェアする", "コメントを書く", "ページの先頭へ"],
    ),
    "turkish": Sample(
        "Köyün eski fırını yeniden ekmek pişiriyor",
        [
            "Karataş köyünde otuz yıl önce kapanan taş fırın, cumartesi sabahı yeniden yakıldı. İlk "
            "ekmekleri almak "
            "için sıraya giren köylüler, kokunun çocukluklarını hatırlattığını söyledi.",
            "Fırını onaran marangoz Hasan Erdil, “Babam burada çalışırdı, ben de odun taşırdım” dedi. "
            "Tuğlaların "
            "yarısı eski yerinden çıkarılıp tek tek temizlendi ve yeniden dizildi.",
            "Muhtarlık, fırının haftada iki gün yakılacağını ve ekmeklerin önce yaşlılara dağıtılacağını "
            "açıkladı. "
            "Odun masrafını köy derneği karşılayacak.",
        ],
        ["İlgili haberler", "Paylaş", "Yorum yap", "Tüm hakları saklıdır"],
    ),
}
FORMS = ("lines", "blank lines", "wrapped at 64", "wrapped at 92")
SPACED = [name for name in SAMPLES if name not in ("chinese", "japanese")]


def read(text: str) -> Document:
    return clean(Page(body=text.encode(), digest="", key="story.txt"))


def kept(text: str) -> list[str]:
    return [block.text for block in read(text).blocks]


def formed(lines: list[str], form: str) -> str:
    if form == "lines":
        return "\n".join(lines)
    if form == "blank lines":
        return "\n\n".join(lines)
    return "\n\n".join(textwrap.fill(line, int(form.split()[-1])) for line in lines)


@pytest.mark.parametrize("language", SAMPLES)
@pytest.mark.parametrize("form", ["lines", "blank lines"])
def test_a_story_alone_stays_whole(language: str, form: str) -> None:
    story = SAMPLES[language].story
    assert kept(formed(story, form)) == story


@pytest.mark.parametrize("language", SAMPLES)
@pytest.mark.parametrize("form", ["lines", "blank lines"])
def test_a_story_comes_out_of_what_surrounds_it(language: str, form: str) -> None:
    sample = SAMPLES[language]
    document = read(formed([sample.headline, *sample.story, *sample.below], form))
    assert [block.text for block in document.blocks] == sample.story
    assert document.signals["headlines"] == [sample.headline]


@pytest.mark.parametrize("language", SPACED)
@pytest.mark.parametrize("form", ["wrapped at 64", "wrapped at 92"])
def test_a_wrapped_story_comes_out_of_what_surrounds_it(language: str, form: str) -> None:
    sample = SAMPLES[language]
    assert kept(formed([sample.headline, *sample.story, *sample.below], form)) == sample.story


@pytest.mark.parametrize("language", SAMPLES)
def test_a_flash_of_one_paragraph_stays_whole(language: str) -> None:
    sample = SAMPLES[language]
    assert kept(formed([sample.headline, sample.story[0]], "blank lines")) == [sample.story[0]]


@pytest.mark.parametrize("language", SAMPLES)
def test_a_story_in_one_line_stays_whole(language: str) -> None:
    joined = " ".join(SAMPLES[language].story)
    assert kept(joined) == [joined]


def test_a_clean_text_is_sure_and_navigation_is_not() -> None:
    sample = SAMPLES["english"]
    navigation = ["Home", "News", "Sport", "Weather", "About us", "Contact", "Log in", "Subscribe"] * 4
    assert read("\n".join(sample.story)).confidence > 0.9
    alone = read("\n".join(navigation))
    assert alone.problem is not None
    assert alone.problem.code == "no_article"


def test_a_poem_and_a_list_stay_whole() -> None:
    poem = [
        "The tide came in at half past four",
        "and took the chairs along the shore,",
        "the dog, the kite, the picnic tin,",
        "and then it brought the letters in.",
        "I read them on the harbour wall",
        "and did not understand at all",
        "why every letter that I read",
        "was written by the boats instead.",
    ]
    assert kept("\n".join(poem))[-7:] == poem[-7:]
    recipe = [
        "Mix the flour, the salt and the water in a large bowl until no dry bits are left.",
        "- 500 g of strong white flour",
        "- 350 g of lukewarm water",
        "- 10 g of salt",
        "Let the dough rest for half an hour under a cloth, then fold it four times, once every half hour.",
        "Bake it in a covered pot for 25 minutes, and without the lid until the crust is as dark as you "
        "like.",
    ]
    assert " ".join(kept("\n".join(recipe))).count("g of") == 3


def test_an_interview_keeps_questions_and_answers() -> None:
    interview = [
        "Q: When did you first hear of the bell?",
        "A: My aunt told me about it. She said that it had rung once, on the night when the bridge fell, and "
        "that nobody had been near it.",
        "Q: Did you believe her?",
        "A: Not for a minute. But I went to look for it the next morning, and I have been looking since "
        "then.",
        "Q: And now that it has been found?",
        "A: Now I shall have to find something else to do with my Sundays.",
    ]
    assert kept("\n\n".join(interview)) == interview
