import { gzipSync } from "node:zlib"
import { defineConfig, type Plugin } from "vite"

/** Beside each file its gzip, which the server sends to those that take it, where that is smaller. */
const zipped: Plugin = {
  name: "zipped",
  generateBundle(_, files) {
    for (const file of Object.values(files)) {
      const text = file.type === "chunk" ? file.code : file.source
      const zip = gzipSync(text, { level: 9 })
      if (zip.length < Buffer.byteLength(text))
        this.emitFile({ type: "asset", fileName: `${file.fileName}.gz`, source: zip })
    }
  }
}

const { pathname: root } = new URL("page/", import.meta.url)

/** The page, as static files for `src` to serve: no inline script or style, which its policy forbids. */
export default defineConfig({
  root,
  base: "./",
  resolve: { conditions: ["anygpu-source", "module", "browser"] },
  build: {
    outDir: "../dist/page",
    emptyOutDir: true,
    target: "es2023",
    cssTarget: ["chrome123", "safari17.5", "firefox120"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0
  },
  plugins: [{ ...zipped, enforce: "post" }],
  server: { proxy: { "/api": process.env.ANYGPU_DASHBOARD ?? "http://127.0.0.1:7070" } }
})
