import { InvalidRequest } from "@anygpu/core"
import { commandText, quote, quotePath } from "./quote.ts"

/** What a script is run with. */
export interface Surroundings {
  /** Variables of the process. They travel inside the connection: in no command line, file or log. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** The folder to begin in; `~/...` is below the home folder. The home folder where it is left out. */
  readonly cwd?: string | undefined
}

const end = "#anygpu-end"

/**
 * The one command line that is ever sent: it reads a script from its input up to the end mark, and runs that.
 *
 * - Any login shell takes it: it has no exclamation mark, no line break and no quote in its quotes.
 * - What a script holds stands in no command line, so that nobody reads it in `ps`.
 * - A script whose end did not come, since the connection was lost, is not run at all.
 * - What follows the end mark is the input of the script.
 */
export const reader = `exec sh -c 'n=$(printf "\\nx"); n=\${n%x}; s=; e=; while IFS= read -r l; do [ "$l" = "${end}" ] && { e=1; break; }; s=$s$l$n; done; [ -n "$e" ] || exit 255; unset n l e; eval "$s"'`

/** A script as the `reader` takes it. */
export const sent = (script: string): string => `${script}\n${end}\n`

const isName = (name: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)

/** The lines that set variables; throws `InvalidRequest` for a name that is not one, and never repeats a value. */
export const exports = (env: Readonly<Record<string, string>> = {}): ReadonlyArray<string> =>
  Object.entries(env).map(([name, value]) => {
    if (!isName(name)) throw InvalidRequest.of(`env.${name}`, "is no name of a variable")
    if (value.includes("\0")) throw InvalidRequest.of(`env.${name}`, "has a NUL character, which no variable can hold")
    return `export ${name}=${quote(value)}`
  })

/** The lines that go to a folder, or end with 1 where that folder is missing. */
export const enter = (cwd: string | undefined): ReadonlyArray<string> =>
  cwd === undefined ? [] : [`cd ${quotePath(cwd)} || exit 1`]

/** A script that becomes a command, in its folder and with its variables. */
export const commandScript = (command: string | ReadonlyArray<string>, { env, cwd }: Surroundings = {}): string =>
  ["unset s", ...enter(cwd), ...exports(env), `exec sh -c ${quote(commandText(command))}`].join("\n")
