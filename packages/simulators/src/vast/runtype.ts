/**
 * Launch modes as callers write them and as instance rows report them.
 *
 * - Documented names are turned into the backend's own token lists, `direc` being its spelling; a token list, as the
 *   official client sends it, is reported back as it came. Source: Vast docs, create; vast-cli, commands/instances.py.
 */
const reported: Readonly<Record<string, string>> = {
  ssh: "ssh_proxy",
  ssh_proxy: "ssh_proxy",
  ssh_direct: "ssh_direc ssh_proxy",
  jupyter: "jupyter_proxy ssh_proxy",
  jupyter_proxy: "jupyter_proxy ssh_proxy",
  jupyter_direct: "jupyter_direc ssh_direc ssh_proxy",
  args: "args"
}

const tokens = new Set(["ssh", "ssh_proxy", "ssh_direc", "jupyter", "jupyter_proxy", "jupyter_direc", "args"])

/** Whether a runtype is a documented name or a list of the backend's tokens. */
export const isRuntype = (runtype: string): boolean =>
  runtype in reported || runtype.split(" ").every((token) => tokens.has(token))

/** How a row reports a runtype. */
export const reportedRuntype = (runtype: string): string => reported[runtype] ?? runtype

/** The ports a runtype publishes by itself: only the direct ones, 22 and for Jupyter 8080. Source: Vast docs, create. */
export const portsOfRuntype = (runtype: string): readonly string[] => {
  const list = runtype.split(" ")
  return [...(list.includes("ssh_direc") ? ["22/tcp"] : []), ...(list.includes("jupyter_direc") ? ["8080/tcp"] : [])]
}
