/** What a reference to an image says, and which part of it is a login. */
export interface ImageParts {
  /** The reference without a login and without a query. */
  readonly shown: string
  /** The login, its password, and the values of the query: whole, and as they read without the escapes of URLs. */
  readonly secrets: ReadonlyArray<string>
}

const scheme = /^[a-z][a-z\d+.-]*:\/\//i
/** `@sha256:...` names an image by what is in it, and `:@vastai-automatic-tag` is a tag. */
const digest = /@[a-z\d]+(?:[+._-][a-z\d]+){0,4}:[\da-f]{32,}$/i
const tag = /:@[\w.-]+$/

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const spellings = (texts: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(texts.flatMap((text) => [text, unescaped(text)]).filter((text) => text !== ""))
]

/**
 * Takes the login and the query out of a reference to an image, such as `https://me:p/w@host/image:tag?token=t`.
 *
 * - A password may hold any sign. Where it is unclear whether a sign ends the login or stands in the query, nothing of
 *   it is shown.
 */
export const imageParts = (image: string): ImageParts => {
  if (!/[@?#]/.test(image)) return { shown: image, secrets: [] }
  const start = scheme.exec(image)?.[0] ?? ""
  const end = /[?#]/.test(image) ? "" : ((digest.exec(image) ?? tag.exec(image))?.[0] ?? "")
  const body = image.slice(start.length, image.length - end.length)
  const sign = body.lastIndexOf("@")
  const first = body.search(/[?#]/)
  const login = sign < 0 ? "" : body.slice(0, sign)
  const rest = body.slice(sign + 1)
  if (sign >= 0 && first >= 0 && first < sign) {
    return { shown: `${start}<redacted>`, secrets: spellings([body, login, rest, ...body.split(/[?#@&=:]/)]) }
  }
  const [bare = "", ...query] = rest.split(/[?#&]/)
  const password = login.includes(":") ? login.slice(login.indexOf(":") + 1) : login
  return {
    shown: start + bare + end,
    secrets: spellings([
      login,
      password,
      rest.slice(bare.length + 1),
      ...query.map((part) => part.slice(part.indexOf("=") + 1))
    ])
  }
}

/** The host of the registry that a reference to an image names; Docker's own where it names none. */
export const imageHost = (image: string): string => {
  const [first = "", ...rest] = image.split("/")
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : "docker.io"
}

/** A reference to an image without its login and its query, as an adapter shows what a cloud lists. */
export const shownImage = <T extends string | null | undefined>(image: T): T =>
  (typeof image === "string" ? imageParts(image).shown : image) as T
