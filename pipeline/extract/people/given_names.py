"""Common given names: what tells a person from an organisation when a page only shows two words.

Some 1,700 of the most common in Europe and the Americas, and of what newspapers elsewhere write in Latin or
Cyrillic letters. A name that is missing here proves nothing.
"""

from __future__ import annotations

import unicodedata

_NAMES = """
    aaron abby abdul abdullah abigail abraham ada adam adela adele adelina aditya adriaan adrian adriana
    adrien agata agathe agnes agnieszka agus agustin ahmad ahmed aidan aileen aisha akira al alain alan
    alba albert alberto aldo alejandra alejandro aleksandar aleksander aleksandra aleksei alena
    alessandra alessandro alessia alessio alex alexa alexander alexandra alexandre alexandros alexei
    alexey alexis alfonso alfred alfredo ali alice alicia alicja alina alisa alison alistair allan allen
    allison alma alvaro alyssa amalia amanda amandine amara amber amelia amelie amina amir amit amy ana
    anais ananya anastasia anders andre andrea andreas andree andrei andres andrew andrey andrzej andy
    angel angela angelika angelina angelo angus anh anil anita anja ankit ann anna annalisa anne
    annegret anneke annelies annemarie annett annette annie annika anthony antje antoine anton antonella
    antonia antonin antonio antonis anu aoife april arash ariana ariane arianna ariel arjun armando
    armin arnaud arne arnold arthur artur arturo arun arvind asa ash asha ashley asser astrid athena
    attila audrey august augusto aung aurelie aurelien aurora ava axel ayse aziz barbara barry bart
    bartosz bastian bayu beata beate beatrice beatriz belen ben benedict benedikt benjamin benoit
    bernadette bernard bernardo bernd bernhard bert bertrand beth bethany bettina betty beverly bianca
    bilal bill billy birgit birgitta birte bjarne bjorn bo bob bobby bodo bogdan boris brad bradley
    brandon brenda brendan brett brian bridget brigitte britta brittany bronwyn brooke bruce bruno bryan
    budi caitlin callum calvin camila camilla camille candice cara carina carl carla carlo carlos carmen
    carol carole carolin carolina caroline carolyn carrie carsten casey caspar cassandra cassidy
    catalina catarina caterina catherine cathy catia catriona cecile cecilia cedric celia celine cesar
    chad chantal charles charlie charlotte chelsea cheng cheryl chiara chidi chinedu chloe chris christa
    christel christian christiane christianne christina christine christof christoph christophe
    christopher cindy claire clara clare clarissa claude claudia claudine claudio claus clemens clement
    cody colette colin colleen connie connor conor conrad constance constantin constanze cora corentin
    corina corinna corinne cornelia cornelius cory cosima courtney craig cristian cristiano cristina
    cristobal curtis cy cynthia cyril dagmar daisuke damian damien damir dan dana daniel daniela daniele
    daniella danielle danilo danny darek dario darius darren dave david davide dawn dean debbie deborah
    debra declan deepak deirdre delphine denis denise dennis derek detlef devin dewi diana diane diego
    dieter dietmar dietrich dimitri dimitrios dimitris dina dirk divya dmitri dmitry dolores dominic
    dominik dominika dominique don donald donna dora doreen doris dorothea dorothee dorothy doug douglas
    duncan dustin dylan eberhard eckhard eddie edgar edith eduard eduardo edward edwin eileen ekaterina
    elaine eleanor elena eleni eleonora elias elif elisa elisabeth elise eliza elizabeth elke ella ellen
    elliot elliott elodie elsa elvira emanuel emeka emil emilia emiliano emilie emilio emily emma
    emmanuel emmanuelle emre enrico enrique eoin eric erica erich erik erika erin ernesto ernst erwin
    esteban estelle esther ethan etienne eugen eugene eugenia eva evan eve evelin evelyn evgeny ewa ewan
    fabian fabien fabienne fabio fabrice fabrizio fahad faisal faith farah fatima fatma federica
    federico felicia felicitas felipe felix ferdinand fergus fernanda fernando filip filippo finlay finn
    fiona flavia flavio florence florent florentin florian frances francesca francesco francis francisca
    francisco franck francois francoise frank franka frankie franz franziska fred freddie frederic
    frederik fredrik freya frida friederike friedrich fritz gabriel gabriela gabriele gabriella
    gabrielle gareth gary gaurav gavin geert gemma genevieve geoff geoffrey georg george georges georgia
    georgina georgios gerald geraldine gerard gerd gerda gerhard gerrit gerry gert gesine giacomo gian
    gianluca gianni gideon gilbert gilles gina giorgia giorgio giovanna giovanni gisela giulia giuliano
    giulio giuseppe gloria gonzalo gordon grace graham grant greg gregor gregory greta grzegorz guido
    guilherme guillaume guillermo gunnar gunter gunther gus gustav gustavo guy gwen gwyneth habib hal
    hamish hamza hana hanna hannah hanne hannes hans harald haris harold harriet harry hartmut harvey
    hasan hassan heather heide heidi heike heiko heinrich heinz helen helena helene helga helge helmut
    hendrik henri henriette henrik henrique henry herbert hermann hernan hilary hilde hiro hiroshi hoang
    holger holly hong hope howard huan hubert hugh hugo humberto hussein hyun iain ian ibrahim ida
    ignacio igor ike ilaria ilka ilona ilse imran ina ines inga ingeborg ingo ingrid ioana ioannis ira
    irena irene irina iris irma isaac isabel isabela isabell isabella isabelle isla ismael ismail istvan
    ivan ivana ivo ivy iwona jaap jack jackie jacob jacopo jacques jaime jake jakob jakub jamal james
    jamie jan jana jane janet janice janina janine jannik jannis janusz jared jarek jasmin jasmine jason
    javier jay jayne jean jeanette jeanne jeff jeffrey jelena jen jenna jennifer jenny jens jeremie
    jeremy jeroen jerome jerry jesper jess jesse jessica jesus jian jill jillian jim jimmy jin jing
    jisoo jo joachim joan joana joanna joanne joao joaquin jochen jodi jody joe joel joelle joerg johan
    johann johanna johannes john johnny joko jon jonas jonathan jordan jordi jorg jorge jorgen joris
    jorn jose josef josefina joseph josephine josh joshua josie joss jost joy joyce juan juana judith jun
    judy juha jules julia julian juliana juliane julie julien juliet juliette julio julius june jurg
    jurgen justin justine justyna kai karel karen karim karin karina karl karla karolina karoline
    karsten kasia kaspar kate katerina katharina katherine kathi kathleen kathrin kathryn kathy katie
    katja katrin katrina katy kavita kay kayla keith kelly ken kendra kenji kenneth kent kenta kerry
    kerstin kevin khadija khaled khalid kim kimberly kiran kirk kirsten kirstin kirsty kit kjell klara
    klaus klemens konrad konstantin konstantinos korinna kristen kristian kristin kristina kristine
    kristof krystyna krzysztof kumar kurt kwame kyle lakshmi lan lance lara larry lars lasse laszlo
    laura laure lauren laurence laurent laurie layla le lea leah leandro lee leila lena lennart leo leon
    leonard leonardo leonie leslie levi lewis lia liam liana lidia lilian liliana lily lina linda
    lindsay lindsey linh lionel lisa lise liv liz liza lizzie lloyd logan lois lola lorena lorenz
    lorenzo loretta lori lorraine lothar lou louis louisa louise luc luca lucas lucia luciana luciano
    lucie lucien lucy ludmila ludovic ludwig luigi luis luisa luise lukas lukasz luke lutz luz lydia
    lynn lynne maarten macarena maciej madeleine madison mads magda magdalena maggie magnus mai mahmoud
    mahmud maik maike maja malcolm malgorzata malik malin malte mandy manfred manish manoj manon manuel
    manuela marc marcel marcela marcelo marcia marcin marco marcos marcus marek margaret margarete
    margarita margherita margit margot marguerite mari maria mariam mariana marianne mariano maribel
    marie mariella marija marika mariko marilyn marina mario marion marisa marissa marit marius mariusz
    marjorie mark marko markus marlene marlon marta marten martha martijn martin martina martine marvin
    marwan mary maryam masha massimo mateo mateusz mathias mathieu mathilde mathis matias matilda matt
    matteo matthew matthias matthieu maud maura maureen maurice mauricio maurizio mauro max maxime
    maximilian may maya meera megan meghan mehmet mei meike melanie melinda melissa mercedes meredith
    merle mia micaela michael michaela michal michel michela michele michelle mickael miguel mihai mika
    mikael mike mikhail mikkel milan milena milos mina ming minh minho mira miranda mireille miriam
    mirjam mirko miroslav mitchell mohamed mohammad mohammed mohan moira molly mona monica monika
    monique morgan moritz morten muhammad murat murray mustafa myles myriam nabil nadeem nadia nadine
    nadja nan nana nancy naoko naomi natacha natalia natalie nataliya natasa natasha nathalie nathan
    nathaniel naveen ned neha neil nele nell nelson ngozi nguyen nia niamh nicholas nick nicki nicky
    nico nicola nicolai nicolas nicole nicoletta nicolo niels nigel nikhil nikita niklas niko nikola
    nikolai nikolas nikolaus nikos nils nina nisha noah noel noemi noor nora norbert norma norman nuno
    octavio ola olaf oleg oleksandr olga olive oliver olivia olivier oluwaseun omar omid orla orlando
    oscar oskar osman otto owain owen pablo padraig paige pam pamela paola paolo pascal pascale pat
    patrice patricia patricio patrick patrik patrizia patty paul paula paulina pauline paulo pavel pawel
    pedro peggy penelope penny per peter petr petra petros phil philip philipp philippa philippe phillip
    phuong phyllis pia pierce piero pierpaolo pierre pieter pietro pilar piotr polly pooja pradeep
    prakash priscilla priya priyanka quang quentin rachel radek rafael rafal raffaele rahul rainer raj
    rajesh rakesh ralf ralph ramesh ramon ramona randy rania raphael raquel rashid rasmus raul ravi ray
    raymond rebecca rebekka regina regine reiner reinhard reinhold rekha rena renata renate renaud rene
    renee rex reza rhys ricardo riccardo richard rick ricky rita ritu rob robert roberta roberto robin
    rocio rod roderick rodney rodrigo roger rohan rohit roisin roland rolf romain roman romina romy ron
    ronald ronja ronny rory rosa rosalie rosario rosemary rosie ross rowan roxana roy ruben rudi rudolf
    rudy rui rupert russell ruth ryan sabina sabine sabrina saeed sal salim sally salma salvador
    salvatore sam samantha sami samir samira samuel sana sandeep sandra sandrine sandro sanjay santiago
    sara sarah sascha sasha saskia satoshi scott seamus sean sebastian sebastiano sebastien serena serge
    sergei sergey sergio seth seung severin shane shannon sharon shaun shawn sheila shelley sherry
    shilpa shirley shona shota shreya sibylle sid sidney sigrid silke silvan silvana silvia silvio simon
    simona simone sina sinead siobhan sipho siti sneha sofia sofie sol solveig sonia sonja sophia sophie
    soren spencer sri stacey stacy stan stanislav stanislaw stefan stefania stefanie stefano steffen
    steffi stella sten stephan stephane stephanie stephen steve steven stewart stig stuart sue sung
    sunil sunita suresh susan susana susann susanna susanne suzanne suzi suzy svein sven svenja svetlana
    swantje swati sybille sylvain sylvia sylvie sylwia tad takashi takeshi tamara tamas tamim tania
    tanja tanya tara tariq taro tarun tatiana tatjana taylor ted terence teresa terri terry tess thabo
    thandi thanh thea theo theodor theodore theresa therese thibault thierry thilo thomas thorsten tibor
    tiffany till tilman tim timo timothy tina tjark tobias toby todd tom tomas tomasz tommaso tommy toni
    tony tonya torben tore torsten travis trevor tricia trine trish trond troy trudy trung tuan tyler
    udo ugo ulf ulla ulrich ulrike umberto ursula usman uta ute uwe vadim val valentin valentina valeria
    valerie vanessa varun vasiliki vasily vera verena vernon veronica veronika veronique vic vicente
    vicki vicky victor victoria vijay vikram viktor viktoria vincent vincenzo vinod viola violeta
    virginia virginie vito vitor vittorio vivek vivian viviana viviane vivien vladimir volker wade
    walter waltraud wanda wayne wendy werner wes wesley wiebke wieland wilfried wilhelm will willem
    william willy winfried wojciech wolf wolfgang wolfram xavier xenia xin yael yan yana yann yannick
    yasmin yasmine yoko yolanda yong yoshiko young youssef yuki yumi yuri yusuf yves yvonne zach zachary
    zahra zainab zara zoe zofia zoltan zsofia zuzana александр алексей анастасия анатолій андрей андрій
    анна антон артем борис вадим валентина валерий василий василь вера виктор виктория виталий владимир
    владислав володимир віктор віталій галина георгий григорий дарья денис дмитрий дмитро евгений
    екатерина елена иван игорь илья инна ирина карина катерина кирилл константин ксения лариса леонид
    людмила максим марина мария микола михаил михайло надежда наталья наталія никита николай оксана олег
    олександр олексій олена ольга павел петр петро полина роман руслан светлана семен сергей сергій
    станислав степан татьяна тетяна юлия юлія юрий ярослав євген ігор
"""

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "đ": "d", "ı": "i", "æ": "ae"})


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    marks = unicodedata.normalize("NFD", word.lower())
    return "".join(char for char in marks if not unicodedata.combining(char)).translate(_LETTERS)


_GIVEN = frozenset(map(_plain, _NAMES.split()))


def is_given(word: str) -> bool:
    """Whether a word is a common given name, with or without accents; of a double name, its first part."""
    word = _plain(word)
    return word in _GIVEN or word.partition("-")[0] in _GIVEN
