import ora from "ora"
import pc from "picocolors"

/** What the story is told on: a live line in a terminal, plain lines anywhere else. */
export const screen = (now: () => number) => {
  const live = process.stdout.isTTY === true
  const started = now()
  const elapsed = () => {
    const seconds = Math.floor((now() - started) / 1000)
    return `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, "0")}`
  }
  const say = (text = "") => console.log(text)
  return {
    say,
    /** A heading with the step's number. */
    step: (title: string) => say(`\n${pc.bold(pc.cyan(title))}`),
    /** A line with the time on the machines' own clock before it. */
    note: (text: string) => say(`  ${pc.dim(elapsed())}  ${text}`),
    /** Shows that something is being waited for, as long as `work` takes. */
    during: async <A>(text: string, work: (changed: (line: string) => void) => Promise<A>): Promise<A> => {
      const spinner = live ? ora({ text, prefixText: " ", discardStdin: false }).start() : undefined
      const timer = setInterval(() => {
        if (spinner) spinner.text = `${pc.dim(elapsed())} ${text}`
      }, 100)
      const changed = (line: string) => {
        spinner?.clear()
        say(`  ${pc.dim(elapsed())}  ${line}`)
      }
      try {
        return await work(changed)
      } finally {
        clearInterval(timer)
        spinner?.stop()
      }
    }
  }
}
