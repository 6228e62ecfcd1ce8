import { type BundleOptions, bundle, marked } from "./bundle.ts"
import { nodeGlobals } from "./node-globals.ts"

/** The modules of a bundle by their paths, as the comments in front of them say. */
const modulesOf = (text: string): ReadonlyMap<string, string> => {
  const modules = new Map<string, string>()
  let path = ""
  for (const line of text.split("\n")) {
    path = /^ *\/\/ (\S+\.[cm]?[jt]s)$/.exec(line)?.[1] ?? path
    modules.set(path, `${modules.get(path) ?? ""}${line}\n`)
  }
  return modules
}

/**
 * What a program asks of Node: modules that nothing but Node has, and globals of Node that it takes for granted.
 *
 * - A global is not taken for granted in a module that looks first whether it is there, by `typeof`.
 */
export const needsOfNode = async (options: Omit<BundleOptions, "mark">): Promise<ReadonlyArray<string>> => {
  const { text, complaints } = await bundle({ ...options, mark: true })
  const globals = Array.from(modulesOf(text)).flatMap(([path, code]) =>
    nodeGlobals
      .filter((name) => code.includes(marked(name)) && !code.includes(`typeof ${marked(name)}`))
      .map((name) => `${name} (${path})`)
  )
  return [...complaints, ...globals]
}
