/** What in a request keeps its machine from coming up, wherever it is tried. */
export interface RequestFault {
  /** The launch option that is at fault. */
  readonly path: "image" | "registry" | "command"
  /** What is wrong with it. */
  readonly problem: string
}

/** Words by which a cloud says that a request is at fault, and for what. */
export interface BootFault extends RequestFault {
  readonly words: RegExp
}

/**
 * What passes by itself: names that cannot be resolved, timeouts, resets, a registry that is overloaded or limits a
 * host. Looked for first, since such a message often holds the words of something worse.
 */
const passing: ReadonlyArray<RegExp> = [
  /name resolution|no such host|server misbehaving|\blookup [\w.-]+/i,
  /time(?:d)?[ -]?out|deadline exceeded|request canceled|network is unreachable|no route to host/i,
  /connection (?:reset|refused|closed|aborted)|broken pipe|unexpected EOF|\bEOF\s*$|TLS handshake/i,
  /toomanyrequests|too many requests|pull rate limit|service unavailable|bad gateway|internal server error/i
]

/** The host's own: its drivers, its runtime, its disk. */
const hostly = /nvidia-container|nvidia runtime|CDI device|libnvidia|\bcgroups?\b|no space left|input\/output error/i

/**
 * Words of Docker, containerd, OCI runtimes and Kubernetes of a failed boot that show that its request is at fault.
 *
 * Source: the messages of Docker Engine and the distribution registry (`manifest unknown`, `pull access denied`, a bare
 * `denied`), of
 * containerd (`failed to resolve reference`), of runc (`exec: ...: executable file not found in $PATH`), and the
 * reasons of the kubelet (`InvalidImageName`).
 */
const faults: ReadonlyArray<BootFault> = [
  {
    words:
      /unauthorized|authentication required|incorrect username or password|no basic auth credentials|authorization failed|\b40[13] (?:unauthorized|forbidden)/i,
    ...{ path: "registry", problem: "the registry refuses the login, or wants one" }
  },
  {
    words:
      /pull access denied|requested access to the resource is denied|may require '?docker login|insufficient_scope|(?:\bfrom registry|\b(?:head|get) "?https?:\/\/[^\s"]{1,300}"?): denied\b/i,
    ...{ path: "image", problem: "there is no such image, or it needs a login to its registry" }
  },
  {
    words: /invalid reference format|could not parse (?:image )?reference|InvalidImageName|must be lowercase/i,
    ...{ path: "image", problem: "is not written as the name of an image" }
  },
  {
    words: /no matching manifest for|does not match the (?:specified|detected host) platform|exec format error/i,
    ...{ path: "image", problem: "is built for another kind of processor" }
  },
  {
    words:
      /manifest unknown|manifest for \S+ not found|name unknown|no such image|repository \S+ not found|\b(?:image|reference|manifest|tag)\b[^\n]{0,300}\b(?:not found|does not exist)|failed to (?:pull|resolve)[^\n]{0,300}\bnot found/i,
    ...{ path: "image", problem: "there is no such image, or no such tag of it" }
  },
  {
    words:
      /executable file not found|\bexec:? [^\n]{0,200}(?:no such file or directory|permission denied|is a directory)|\bstat \S+: no such file or directory|chdir to cwd/i,
    ...{ path: "command", problem: "cannot be started in this image" }
  }
]

/** Whether a cloud's words name trouble that passes by itself. */
export const isPassing = (said: string): boolean => passing.some((words) => words.test(said))

/**
 * What in the request a cloud's words about a boot blame; null when they blame the host, the moment, or nobody.
 *
 * - `own`: further words of one cloud, looked for before the common ones.
 */
export const requestFaultIn = (said: string, own: ReadonlyArray<BootFault> = []): RequestFault | null => {
  if (isPassing(said) || hostly.test(said)) return null
  const fault = [...own, ...faults].find(({ words }) => words.test(said))
  return fault ? { path: fault.path, problem: fault.problem } : null
}
