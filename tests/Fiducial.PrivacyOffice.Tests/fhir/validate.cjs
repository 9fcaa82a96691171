// Reads resources, one JSON a line, and tells of each what does not stand in FHIR R4's structure.
const { Fhir } = require("fhir");

const fhir = new Fhir();
const faults = require("fs")
  .readFileSync(0, "utf8")
  .split("\n")
  .filter((line) => line.length > 0)
  .map((line) => {
    const { valid, messages } = fhir.validate(JSON.parse(line), { errorOnUnexpected: true });
    const errors = messages.filter((m) => m.severity === "error" || m.severity === "fatal");
    return valid && errors.length === 0 ? [] : errors.map((m) => `${m.location}: ${m.message}`);
  });
console.log("TOLD " + JSON.stringify(faults));
