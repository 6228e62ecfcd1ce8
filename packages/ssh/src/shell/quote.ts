import { InvalidRequest } from "@anygpu/core"

/** A text as one word of a POSIX shell, whatever is in it; throws `InvalidRequest` for what no shell can hold (NUL). */
export const quote = (text: string): string => {
  if (text.includes("\0")) throw InvalidRequest.of("command", "has a NUL character, which no command can hold")
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** A path as one word of a POSIX shell: `~` and `~/...` are below the home folder there, all else is as it is. */
export const quotePath = (path: string): string => {
  if (path === "~") return '"$HOME"'
  return path.startsWith("~/") ? `"$HOME"/${quote(path.slice(2))}` : quote(path.startsWith("-") ? `./${path}` : path)
}

/** A command: a text is for the shell, a list is a program and its arguments as they are. */
export const commandText = (command: string | ReadonlyArray<string>): string =>
  typeof command === "string" ? command : command.map(quote).join(" ")
