export * from "@anygpu/core/sqlite"
