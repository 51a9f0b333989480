type Node = Readonly<Record<string, unknown>>;

/** What DCAT-AP 3.0 demands of each class (SHACL shapes of SEMIC, minCount 1), as far as a catalogue of this platform has it. */
const MANDATORY: Readonly<Record<string, readonly string[]>> = {
  'dcat:Catalog': ['dct:title', 'dct:description', 'dct:publisher'],
  'dcat:Dataset': ['dct:title', 'dct:description'],
  'dcat:Distribution': ['dcat:accessURL'],
  'dcat:DataService': ['dct:title', 'dcat:endpointURL'],
  'foaf:Agent': ['foaf:name'],
  'skos:Concept': ['skos:prefLabel'],
};
/** Properties with one value at most, and those whose value is of a class. */
const ONCE = ['dct:issued', 'dct:modified', 'dct:accessRights', 'dct:publisher', 'dcat:byteSize', 'dcat:version', 'dct:license', 'dct:format', 'dct:identifier']; // prettier-ignore
const CLASS_OF: Readonly<Record<string, string>> = {
  'dct:publisher': 'foaf:Agent',
  'dcat:distribution': 'dcat:Distribution',
  'dcat:dataset': 'dcat:Dataset',
  'dcat:service': 'dcat:DataService',
  'dcat:accessService': 'dcat:DataService',
  'dct:license': 'dct:LicenseDocument',
  'dct:spatial': 'dct:Location',
  'dct:temporal': 'dct:PeriodOfTime',
  'dct:conformsTo': 'dct:Standard',
};

/** What is missing of a JSON-LD document by DCAT-AP 3.0; empty where it conforms. */
export function dcatProblems(document: object): string[] {
  const { '@context': context, ...root } = document as Node;
  const prefixes = context as Readonly<Record<string, string>>;
  const remote = Object.values(prefixes).some((meaning) => typeof meaning !== 'string');
  return [...(remote ? ['@context: more than prefixes'] : []), ...nodeProblems(root, prefixes, 'document')];
}

function nodeProblems(node: Node, prefixes: object, path: string): string[] {
  const missing = (MANDATORY[String(node['@type'])] ?? []).filter((property) => isEmpty(node[property]));
  return [
    ...missing.map((property) => `${path}: no ${property}`),
    ...Object.entries(node).flatMap(([property, value]) => [
      ...valueProblems(property, value, prefixes, `${path}/${property}`),
    ]),
  ];
}

function valueProblems(property: string, value: unknown, prefixes: object, path: string): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const prefix = property.split(':')[0]!;
  const wanted = CLASS_OF[property];
  return [
    ...(property.startsWith('@') || Object.hasOwn(prefixes, prefix) ? [] : [`${path}: unknown prefix`]),
    ...(ONCE.includes(property) && values.length > 1 ? [`${path}: more than one`] : []),
    ...values.flatMap((each, i) => {
      if (typeof each !== 'object' || each === null)
        return wanted === undefined ? [] : [`${path}: a literal`];
      const node = each as Node;
      const isOther = wanted !== undefined && node['@type'] !== wanted;
      return [
        ...(isOther ? [`${path}: no ${wanted}`] : []),
        ...nodeProblems(node, prefixes, `${path}[${i}]`),
      ];
    }),
  ];
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
