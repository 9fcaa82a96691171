// A workstation that speaks TLS alone: echoes, stores a file, finds its study, gets it on the same association and has it moved to itself.
// Then a stranger, with a certificate that nobody registered, tries the same. Prints what each was told as JSON.
// usage: node workstation.cjs PORT LISTEN FOLDER STUDY   (FOLDER: ours.pem, theirs.pem + theirs.key, stranger.pem + stranger.key, image.dcm)
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { createHash } = require('node:crypto');
const listen = net.Server.prototype.listen;
// The library listens on every address and cannot be told otherwise.
net.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, port, '127.0.0.1', ...rest);
};
const dcmjsDimse = require('dcmjs-dimse');
dcmjsDimse.log.setLevel('error');
const { Client, Server, Scp } = dcmjsDimse;
const { CEchoRequest, CStoreRequest, CFindRequest, CGetRequest, CMoveRequest } = dcmjsDimse.requests;
const { CStoreResponse } = dcmjsDimse.responses;
const { Status, PresentationContextResult, TransferSyntax } = dcmjsDimse.constants;

const [port, listenPort, folder, study] = process.argv.slice(2);
const read = (name) => fs.readFileSync(path.join(folder, name));
const securityOf = (name) => ({
  key: read(`${name}.key`),
  cert: read(`${name}.pem`),
  ca: read('ours.pem'),
  requestCert: true,
  rejectUnauthorized: true,
});

const kept = (dataset) => {
  const { SOPInstanceUID, PixelData } = dataset.getElements();
  const pixels = Buffer.concat([PixelData].flat().map((p) => Buffer.from(p)));
  return { uid: SOPInstanceUID, sha256: createHash('sha256').update(pixels).digest('hex') };
};

const exchange = (request, security, got) =>
  new Promise((resolve) => {
    const answers = [];
    const client = new Client();
    request.on('response', (r) =>
      answers.push({ status: r.getStatus(), ...(r.hasDataset() ? { set: r.getDataset().getElements() } : {}) })
    );
    client.addRequest(request);
    if (got) {
      // As SCP of every storage class that the library knows.
      request.setAddStorageSopClassesToAssociation(true);
      client.on('cStoreRequest', (r, callback) => {
        got.push(kept(r.getDataset()));
        const response = CStoreResponse.fromRequest(r);
        response.setStatus(Status.Success);
        callback(response);
      });
    }
    client.on('networkError', () => resolve(answers));
    client.on('closed', () => resolve(answers));
    client.send('127.0.0.1', Number(port), 'OTHERMAKE', 'FIDUCIAL', { securityOptions: security });
  });

const taken = [];
class Listener extends Scp {
  associationRequested(association) {
    association.getPresentationContexts().forEach((c) => {
      const context = association.getPresentationContext(c.id);
      const syntax = context
        .getTransferSyntaxUids()
        .find((t) => [TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian].includes(t));
      context.setResult(
        syntax ? PresentationContextResult.Accept : PresentationContextResult.RejectTransferSyntaxesNotSupported,
        syntax
      );
    });
    this.sendAssociationAccept();
  }

  cStoreRequest(request, callback) {
    taken.push(kept(request.getDataset()));
    const response = CStoreResponse.fromRequest(request);
    response.setStatus(Status.Success);
    callback(response);
  }

  associationReleaseRequested() {
    this.sendAssociationReleaseResponse();
  }
}

const main = async () => {
  const theirs = securityOf('theirs');
  const server = new Server(Listener);
  server.listen(Number(listenPort), { securityOptions: theirs });
  const got = [];
  const told = {
    echo: await exchange(new CEchoRequest(), theirs),
    store: await exchange(new CStoreRequest(path.join(folder, 'image.dcm')), theirs),
    find: await exchange(CFindRequest.createStudyFindRequest({ StudyInstanceUID: study, PatientName: '' }), theirs),
    get: await exchange(CGetRequest.createStudyGetRequest(study), theirs, got),
    move: await exchange(CMoveRequest.createStudyMoveRequest('OTHERMAKE', study), theirs),
    stranger: await exchange(new CEchoRequest(), securityOf('stranger')),
    plain: await exchange(new CEchoRequest(), undefined),
    got,
    taken,
  };
  server.close();
  console.log(`TOLD ${JSON.stringify(told)}`);
  process.exit(0);
};

main().catch((e) => {
  console.error(e);
  process.exit(1);
});
