/*
 * What is asked of a machine about Jupyter, for any `sh`.
 */

/** Folders in which images keep it, beside those of PATH: a login by ssh has not the PATH of the image. */
const folders = [
  ...['"$HOME"/.local/bin', '"$HOME"/.venv/bin', '"$HOME"/venv/bin', '"$HOME"/miniconda3/bin', '"$HOME"/anaconda3/bin'],
  ...["/opt/conda/bin", "/opt/*/bin", "/venv/*/bin", "/venv/bin", "/workspace/venv/bin", "/usr/local/bin"]
]

/** Prints the path of the program that serves notebooks, last; nothing where it is missing. */
export const findScript = `
for c in jupyter-lab jupyter-notebook; do
  p=$(command -v $c) && [ -x "$p" ] && { echo "#jupyter $p"; exit 0; }
  for d in ${folders.join(" ")}; do [ -x "$d/$c" ] && { echo "#jupyter $d/$c"; exit 0; }; done
  p=$("\${SHELL:-sh}" -lc "command -v $c" 2>/dev/null < /dev/null | tail -n 1)
  [ -x "$p" ] && { echo "#jupyter $p"; exit 0; }
done
exit 0`

/** Prints what each server that runs has written down of itself: one JSON object a line. */
export const serversScript = `
d=\${JUPYTER_RUNTIME_DIR:-\${JUPYTER_DATA_DIR:-\${XDG_DATA_HOME:-$HOME/.local/share}/jupyter}/runtime}
for f in "$d"/jpserver-*.json "$d"/nbserver-*.json; do
  p=\${f##*-}; p=\${p%.json}
  [ -r "$f" ] && grep -qa jupyter "/proc/$p/cmdline" 2>/dev/null || continue
  printf '#server '; tr -d '\n' < "$f"; echo
done
exit 0`

/** The rest of the lines that begin with a word. */
export const linesAfter = (word: string, text: string): ReadonlyArray<string> =>
  text.split("\n").flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1).trim()] : []))
