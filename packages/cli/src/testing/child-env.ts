/**
 * What a process of the command is given of this one: where programs are, and where Node keeps what it has compiled, which
 * the command would else write below its user's home.
 */
export const childEnv: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? "",
  ...(process.env.NODE_COMPILE_CACHE
    ? { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }
    : { NODE_DISABLE_COMPILE_CACHE: "1" })
}
