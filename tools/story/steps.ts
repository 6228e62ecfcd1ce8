/** One call of the command, and why it is made. */
export interface Step {
  readonly title: string
  /** What is written after `anygpu --sim`, in parts that a line is not broken within. */
  readonly call: ReadonlyArray<string>
}

const job = ["--min-vram 24GB", "--count 1", "--disk 40GB", "--for 3h"]

/** The main job from start to end: shown by `npx pnpm@12 start`, and recorded in docs/cli/session.md. */
export const steps: ReadonlyArray<Step> = [
  {
    title: "Compare what three hours of fine-tuning cost on seven clouds, with 25 GB of traffic",
    call: ["compare", ...job, "--ingress 20GB", "--egress 5GB", "--limit 8"]
  },
  {
    title: "Rent the cheapest that can be stopped and read, for 2 dollars at most",
    call: [
      ...["launch", ...job, "--cloud vast", "--kind container", "--max-total 2", "--name trainer"],
      ...["--image pytorch/pytorch", "--on-start examples/train.sh", "--port 8000", "--no-ssh-key", "--yes"]
    ]
  },
  { title: "See what runs, and what it costs", call: ["list"] },
  { title: "Log in", call: ["ssh", "trainer", "--print"] },
  { title: "Read what it prints", call: ["logs", "trainer", "--tail 5"] },
  { title: "Stop it for a while", call: ["stop", "trainer", "--yes"] },
  { title: "Now only its disk is paid", call: ["list"] },
  { title: "Start it again", call: ["start", "trainer"] },
  { title: "Wait until it can be reached", call: ["ssh", "trainer", "--wait", "--print"] },
  { title: "What has it cost, and what would a month cost?", call: ["cost", "trainer"] },
  { title: "End it, and make sure that it is gone", call: ["terminate", "trainer", "--yes"] },
  { title: "Is anything left that costs money?", call: ["audit"] }
]

/** What all of it is for: one command that rents a machine, runs something there, brings the results home and ends it. */
export const runStep = (results: string): Step => ({
  title: "Rent, run, bring the results home, and end the machine: all of it in one command",
  call: [
    ...["run", "--min-vram 24GB", "--count 1", "--for 1h", "--max-total 2", "--cloud vast", "--kind container"],
    ...["--image pytorch/pytorch", "--upload examples/train.sh", "--download 'out/**'", `--to ${results}`, "--yes"],
    "-- train --steps 6"
  ]
})

/** The words of a call as a shell would pass them on. */
export const argvOf = ({ call }: Step): ReadonlyArray<string> => [
  "--sim",
  ...call.flatMap((part) => part.split(" ")).map((word) => word.replace(/^'(.*)'$/, "$1"))
]

/** A call as it is typed, on lines of at most `width` characters. */
export const typed = ({ call }: Step, width: number): string => {
  const lines = ["$ anygpu"]
  for (const part of ["--sim", ...call]) {
    const line = `${lines.at(-1)} ${part}`
    // Two more for the backslash that goes on.
    if (line.length + 2 <= width) lines[lines.length - 1] = line
    else lines.push(`    ${part}`)
  }
  return lines.join(" \\\n")
}
