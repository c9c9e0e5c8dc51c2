// Run by Rhino's shell with veraPDF's classes: standards, then files. One line of JSON for each.
importPackage(java.lang);
Packages.org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
var foundry = Packages.org.verapdf.pdfa.Foundries.defaultInstance();
var standards = arguments[0].split(",");
for (var at = 1; at < arguments.length; at++) {
  for (var n = 0; n < standards.length; n++) {
    var flavour = Packages.org.verapdf.pdfa.flavours.PDFAFlavour.byFlavourId(standards[n]);
    var parser = foundry.createParser(new java.io.FileInputStream(arguments[at]), flavour);
    var result = foundry.createValidator(flavour, false).validate(parser);
    var failed = {};
    for (var each = result.getTestAssertions().iterator(); each.hasNext(); ) {
      var found = each.next();
      if (String(found.getStatus()) != "PASSED") {
        var rule = found.getRuleId();
        failed[rule.getClause() + "-" + rule.getTestNumber()] = String(found.getMessage());
      }
    }
    print(JSON.stringify({
      standard: standards[n], compliant: Boolean(result.isCompliant()),
      checks: Number(result.getTotalAssertions()), failed: failed
    }));
    parser.close();
  }
}
