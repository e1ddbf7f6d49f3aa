/**
 * English words the guard knows. A word that is missing here is never ignored and never taken for another one: two texts
 * that differ in it do not share an answer. So a list that is too short costs hits, not wrong answers.
 */

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}

export const questionWords = words('who whom whose what when where why how')

export const negations = words('not no none never nothing nobody nowhere neither nor without cannot')

/** With `a` before them they mean something else: few is not a few. */
export const withArticle = words('few little lot bit couple while number')

/** A text that has one of them and none of `foreignWords` is read as English. */
export const englishWords = words(`
  what whats who who's why when where which how the does should would could please explain write list tell give describe
  show define name can you between with difference is are do my your i of
`)

/** Such words stand in other languages at every turn, and mean something else or nothing in English. */
export const foreignWords = words(`
  der das die den dem des ein eine einen einer und ist sind wie warum wer wo wann nicht zu im mit für auf von
  le la les du un une et est sont quel quelle quels quelles comment pourquoi quand où dans pour avec sur ce qui que
  el los las una es son cuál cual cuáles como cómo qué por para con en del y cuando dónde
  il lo gli di che come perché quando dove sono per nel della
  o os um uma é são qual quais onde não em no na do da dos das
  de het een hoe wat waarom wie waar niet op van voor naar
  är och vad hur det att som på av inte jag och hvad hvordan er ikke og å
  jak co to jest w na i nie się czy
`)

/** Common words that are names, or short for something, when written in capitals: without them nobody can tell which. */
export const namesInCapitals = words(`
  apple polish turkey china java python march may august windows amazon shell target orange swift rust go ruby oracle
  mercury mars saturn jordan georgia chad cuba it us who aids pin ram sole cat gap visa square stripe slack word excel
  teams edge access meta alphabet uber lime bolt signal discord twitch nice reading bath cork job will mark bill rose grace
  frank art drew pat sue jack penny dolly bush ford lincoln dodge jaguar puma dove tide champion guess subway pandora
  genesis exodus numbers judges kings job acts sun oscars emmy bears giants jets bulls lakers heat magic kinder lent
  catholic mass civil republic democrat democratic liberal conservative labour labor greens scotch danish finish swiss
  english french german pole pacific colombia columbia indian spring kafka storm spark hive pig crystal dart elm julia scratch
  basic ada lisp scheme perl express react angular vue next nest flask spring hibernate jasmine mocha ant maven puppet chef
  salt notion wolf fox sky bing siri echo alexa ring nest kindle surface galaxy note pixel
  mb gb kb tb mw gw kw ma mg pa ph
`)

/** What asks: with one of them in front a question mark says nothing new. */
export const askingWords = words(`
  who whom whose what when where why how is was do did can could should would will may might must have has had
  tell explain list give describe show define name write compare find suggest recommend calculate compute convert create
  make meaning difference population price age height location difference ways steps
`)

/** Pairs of which one is not the other; only for words to people: no two different words pass anyway. */
export const opposites: readonly (readonly [string, string])[] = `
  enable disable|activate deactivate|before after|increase decrease|increasing decreasing|min max|minimum maximum
  first last|start stop|begin end|open close|on off|in out|up down|left right|add remove|add subtract|multiply divide
  import export|push pull|encrypt decrypt|encode decode|upload download|install uninstall|lock unlock|connect disconnect
  more less|most least|many few|more fewer|larger smaller|largest smallest|bigger smaller|biggest smallest|higher lower
  highest lowest|longer shorter|longest shortest|tallest shortest|best worst|better worse|fast slow|fastest slowest
  hot cold|old new|oldest newest|oldest youngest|latest earliest|early late|buy sell|win lose|lend borrow|give take
  send receive|ascending descending|positive negative|legal illegal|possible impossible|safe unsafe|allow deny|accept reject
  always never|with without|to from|above below|over under|inside outside|internal external|public private|client server
  read write|save delete|create delete|create destroy|show hide|expand collapse|attach detach|bind unbind|mount unmount
  freeze thaw|melt freeze|boil freeze|rise fall|north south|east west|male female|mother father|husband wife|king queen
  advantages disadvantages|pros cons|benefits risks|cause effect|input output|source destination|parent child|odd even
`
  .trim()
  .split(/[|\n]/)
  .map((pair) => pair.trim().split(' '))
  .flatMap(([one, other]) => (one === undefined || other === undefined ? [] : [[one, other] as const]))

/** The same word in another spelling, or its usual short form. The first is the one that is compared. */
const sameWordGroups = `
  color colour|colors colours|favorite favourite|center centre|theater theatre|organize organise|organization organisation
  optimize optimise|analyze analyse|behavior behaviour|neighbor neighbour|license licence|catalog catalogue|gray grey
  recognize recognise|initialize initialise|serialize serialise|customize customise|normalize normalise|defense defence
  realize realise|visualize visualise|traveling travelling|modeling modelling|canceled cancelled|aluminum aluminium
  javascript js|typescript ts|postgresql postgres|kubernetes k8s|database db|repository repo|configuration config
  television tv|photograph photo|versus vs|information info|email e-mail|smartphone
  approximately approx|department dept|minutes mins|seconds secs|mathematics maths math
  film movie|purchase buy|begin start|begins starts|began started
  is are|do does|what which
  0 zero|1 one|2 two|3 three|4 four|5 five|6 six|7 seven|8 eight|9 nine|10 ten|11 eleven|12 twelve|13 thirteen
  14 fourteen|15 fifteen|16 sixteen|17 seventeen|18 eighteen|19 nineteen|20 twenty|30 thirty|40 forty|50 fifty
  60 sixty|70 seventy|80 eighty|90 ninety
`

export const sameWord: ReadonlyMap<string, string> = new Map(
  sameWordGroups
    .trim()
    .split(/[|\n]/)
    .map((group) => group.trim().split(' '))
    .flatMap(([first = '', ...others]) => others.map((other) => [other, first] as const)),
)
