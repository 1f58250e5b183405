// Reads blocks with js-yaml: JSON in, JSON out; see tests/oracles/mod.rs.
const yaml = require("js-yaml");
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));

const named = (key, value) => (typeof value === "number" && !Number.isFinite(value) ? `(${value})` : value);

function block(text) {
  try {
    const values = yaml.load(text) ?? {};
    if (typeof values !== "object" || Array.isArray(values)) return { values: { "": JSON.stringify(values) } };
    return { values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value, named) ?? "undefined"])) };
  } catch (error) {
    return { error: `${error.name}: ${error.reason ?? error.message}` };
  }
}

process.stdout.write(JSON.stringify({ blocks: asked.blocks.map(block) }));
