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

/** Of them there is one or another, never some: egg, but not chicken. How-tos leave their article out. */
export const countable = words('egg bike bicycle computer laptop website password')

/** After them an article says nothing in front of `... of`. After others it may: in front of, in the front of. */
export const beforeArticle = words('is are was were give list define explain describe me about')

/** I before them, or after them, is who asks, and neither a number nor a letter. */
export const besideMe = words(
  'do can could should would did am have has may must will if m d ve ll want need when t not cannot',
)

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

/**
 * Names of which small letters say the same: no other word is written like them. All other words that are written in
 * capitals in one text only may be a name there and none here: Steam and steam, dB and db.
 */
export const plainNames = words(`
  afghanistan albania algeria argentina australia austria bangladesh belgium bolivia brazil bulgaria cambodia canada croatia
  cyprus denmark ecuador egypt england estonia ethiopia finland france germany ghana greece guatemala honduras hungary
  iceland india indonesia iran iraq ireland israel italy jamaica japan kenya korea latvia lebanon libya lithuania luxembourg
  malaysia mexico mongolia morocco nepal netherlands nicaragua nigeria norway pakistan paraguay peru philippines poland
  portugal romania russia scotland serbia singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan
  tanzania thailand tunisia uganda ukraine uruguay usa venezuela vietnam wales zambia zimbabwe
  africa asia europe antarctica california texas florida
  amsterdam athens barcelona beijing berlin brussels budapest chicago copenhagen dublin helsinki istanbul lisbon london
  madrid moscow munich oslo paris prague rome seoul shanghai stockholm sydney tokyo toronto vienna warsaw zurich
  monday tuesday wednesday thursday friday saturday sunday january february april june july september october november
  december italian spanish japanese russian portuguese dutch swedish norwegian korean arabic greek
  docker ubuntu linux debian kubernetes javascript js typescript mysql postgresql postgres mongodb redis github gitlab php
  kotlin nginx json api url usb cpu gpu ide xml yaml csv wifi bluetooth android iphone ipad facebook instagram youtube
  google microsoft netflix wikipedia einstein mozart shakespeare everest
`)

/** What asks: with one of them in front a question mark says nothing new. */
export const askingWords = words(`
  who whom whose what when where why how is was do did can could should would will may might must have has had
  tell explain list give describe show define name write compare find suggest recommend calculate compute convert create
  make meaning working difference population price age height location difference ways steps
`)

/** Words that a sentence may begin with: that they are written large then says nothing. */
export const beginnings = words(`
  hello hi hey please kindly thanks thank good quick question in on at to for with from using are am if since after before
  there it he she they we you some any all not no a an these those this that id i'd im
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
  optimize optimise|analyze analyse|behavior behaviour|neighbor neighbour|license licence|catalog catalogue
  recognize recognise|initialize initialise|serialize serialise|customize customise|normalize normalise|defense defence
  realize realise|visualize visualise|traveling travelling|modeling modelling|canceled cancelled|aluminum aluminium
  javascript js|typescript ts|postgresql postgres|kubernetes k8s|configuration config
  television tv|photograph photo|versus vs|information info|email e-mail|smartphone
  approximately approx|department dept|minutes mins|seconds secs|mathematics maths math
  0 zero|2 two|3 three|4 four|5 five|6 six|7 seven|8 eight|9 nine|10 ten|11 eleven|12 twelve|13 thirteen
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
