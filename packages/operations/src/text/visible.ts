export { visible, visibleJson } from "@anygpu/core/visible"
