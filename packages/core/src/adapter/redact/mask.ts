/** What stands for a secret. */
export const blank = "<redacted>"

/** Field names whose values are secrets in any cloud's JSON, without case, `_` and `-`. */
const secretName =
  /(apikey|token|password|passwd|secret|authorization|imagelogin|privatekey|sshkey|onstart|resulturl|signature)$/
const secretNames = /^(env|extraenv|imageargs|sig|pwd)$/

/** Whether a field of this name holds a secret, in any cloud's JSON. */
export const holdsSecrets = (name: string): boolean => {
  const plain = name.toLowerCase().replace(/[_-]/g, "")
  return secretName.test(plain) || secretNames.test(plain)
}

/**
 * `"name": "value"` (also cut off), `"name": 123`, `name=value`, and a header line of Authorization. An assignment begins
 * with its sign, which is found at once, and looks back at the name.
 */
const quotedField = /(["'])([\w-]{1,64})\1(\s*:\s*)("(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|[^\s,}\]{["']+)/g
const assignment = /=(?<=\b([\w-]{1,64})=)[^\s&"'<>,;]+/g
const authorization = /\b(authorization\s*[:=]\s*)(?:(?:bearer|basic|x-api-key)\s+)?[^\s"',<>]+/gi

const opened = /(["'])([\w-]{1,64})\1\s*:\s*(?=[[{])/g

/** Text that is not JSON has no ends to rely on: a list or object of secrets is taken out with all that follows it. */
const withoutOpened = (text: string): string => {
  for (const match of text.matchAll(opened)) {
    if (holdsSecrets(match[2] ?? "")) return text.slice(0, match.index + match[0].length) + blank
  }
  return text
}

/** The text with the values of fields that hold secrets taken out. */
export const blankNamed = (text: string): string =>
  withoutOpened(text)
    .replace(quotedField, (all, quote, name, colon) =>
      holdsSecrets(name) ? `${quote}${name}${quote}${colon}${quote}${blank}${quote}` : all
    )
    .replace(assignment, (all, name) => (holdsSecrets(name) ? `=${blank}` : all))
    .replace(authorization, `$1${blank}`)

/** A value goes up to its closing quote, or up to the next space. */
const anyValue = String.raw`(?:(?:"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$))\S*|(?:\\.|\S)+)`
const anyName = String.raw`[A-Za-z_][\w.-]{0,64}=(?!=)`
const assigned = new RegExp(
  String.raw`(["'])(${anyName})(?:\\.|(?!\1)[^\\])*(\1|$)|(?<![\w-])((?:-e)?${anyName})${anyValue}`,
  "g"
)
const passwordOption = new RegExp(
  String.raw`(?<![\w-])((?:-p|--password)["']?(?:\s*[,=]\s*|\s+))(?:${blank}(?=["',\]\s]|$)|"[^"]*"|${anyValue})`,
  "g"
)
const passwordJoined =
  /(\blogin\b[^\n]{0,300}?\s-p)(?:"(?![\s,\]])[^"]+(?:"|$)|'(?![\s,\]])[^']+(?:'|$)|(?=[^\s"',=])\S+)/g
/** `me:password@host/image`, and not `image:tag@sha256:...`. */
const bareLogin =
  /(?<![^\s"'`=,([{<])[^\s"'`=,([{</@:]{1,64}:(?!\/\/)[^\s"'@]{1,256}@(?!sha\d+:)(?=[\w.-]{1,253}(?::\d{1,5})?\/)/g
const afterScheme = /(?:[^\s/?#@:]*:(?!\d+\/)\S*|[^\s/?#]+)@/y

/** The text without the credentials of URLs: each word that holds one is looked at once. */
const withoutLogins = (text: string): string => {
  let shown = ""
  let end = 0
  /** Where the word ends that was looked at last, and the sign between login and host that it has last. */
  let [wordEnd, lastSign] = [0, -1]
  for (let scheme = text.indexOf("://"); scheme >= 0; scheme = text.indexOf("://", end)) {
    const start = scheme + 3
    if (start >= wordEnd) {
      const rest = /\S*/y
      rest.lastIndex = start
      wordEnd = start + (rest.exec(text)?.[0].length ?? 0)
      lastSign = text.slice(start, wordEnd).lastIndexOf("@") + start
    }
    // Without a sign between login and host, no scheme of this word has a login.
    const hasSign = lastSign >= start
    afterScheme.lastIndex = start
    const to = hasSign && afterScheme.test(text) ? afterScheme.lastIndex : null
    shown += text.slice(end, start) + (to === null ? "" : `${blank}@`)
    end = to ?? start
    if (hasSign) continue
    shown += text.slice(start, wordEnd)
    end = wordEnd
  }
  return shown + text.slice(end)
}

/** Without any of these no pattern above can match. */
const assigning = /[=<"'@]|:\/\/|-p|authorization/i

/**
 * Takes out of a cloud's free text what was given to a program there: the values of `NAME=value`, `-p value` and
 * `--password value`, the credentials in URLs, and the values of fields that hold secrets.
 *
 * - For text whose secrets are not known, such as the Docker error of a machine that somebody else rented.
 */
export const maskAssignments = (text: string): string => {
  if (!assigning.test(text)) return text
  const masked = withoutLogins(text)
    .replace(bareLogin, `${blank}@`)
    .replace(passwordOption, `$1${blank}`)
    .replace(passwordJoined, `$1${blank}`)
    .replace(assigned, (_, quote, quoted, end, plain) =>
      plain === undefined ? `${quote}${quoted}${blank}${end}` : `${plain}${blank}`
    )
  return blankNamed(masked).replace(/(?:<redacted>){2,}/g, blank)
}
