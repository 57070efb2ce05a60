# Metadata of a capimg image, format 1.0
#
# docs/FORMAT.md says how a message of this schema is framed, in which order its objects stand
# and what a reader must check. Memory contents are not in here: a dataspace names the blocks
# that hold them.
#
# Rules that the annotations state, and that the validator and all tools take from them:
#
#   $hex         an address, size, badge or selector: hexadecimal in JSON and in print
#   $ref("k…")   the id of an object of one of these kinds (names of Object's union, separated
#                by a space, "*" for any), or 0 for none. Ids are the only references.
#
# Every Text is UTF-8 without NUL.
#
# Evolution: new fields at higher numbers only, never a field moved into a union, never a
# meaning changed. What an older reader does not know it carries along (docs/FORMAT.md).

@0xc1a2f7d0b6e35491;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("Capimg::Schema");

annotation hex @0xe6b0b63a3a0e7f11 (field) :Void;
annotation ref @0xd0f7be5c2f5c7d12 (field) :Text;

struct Manifest {
  label @0 :Text;                      # of the component, as init knows it
  genodeVersion @1 :Text;              # "26.02", empty if not known
  kernel @2 :Kernel;
  sequence @3 :UInt64;                 # number of the checkpoint, counted by the writer
  timeBase @4 :UInt64;                 # microseconds of the captured system's clock, 0 = none
  timestampFrequency @5 :UInt64;       # Hz of the CPU's time-stamp counter, 0 = not known
  fpuSize @6 :UInt32;                  # bytes of the largest FPU block of a thread
  memorySearched @7 :Bool;             # somebody looked for capability map, pools and raw badges
  binary @8 :Binary;
  cpuFeatures @9 :List(Text);          # names as Linux gives them in /proc/cpuinfo, sorted
  parent @10 :Parent;                  # null: the image is whole
  epoch @11 :Data;                     # same epoch = same boot, so same badge = same object
  group @12 :Data;                     # images of one group were taken at one moment
  objects @13 :List(Object);           # ascending ids
  capabilitySpaces @14 :List(CapabilitySpace);
  badgeTrees @15 :List(BadgeTree);
  rawBadges @16 :List(RawBadge);
  safeSpots @17 :List(CodeRange);
  notes @18 :List(Note);               # of the process, from an ELF core
}

enum Kernel {
  unknown @0;
  linux @1;
  foc @2;
  hw @3;
  nova @4;
  sel4 @5;
  fiasco @6;
  okl4 @7;
  pistachio @8;
}

struct Binary {
  name @0 :Text;                       # ROM module the component was started from
  digest @1 :Data;                     # SHA-256 of the module, empty if not known
}

struct Parent {
  stateDigest @0 :Data;                # of the image that inherited blocks come from, 32 bytes
  sequence @1 :UInt64;
}

# ---- objects -----------------------------------------------------------------------------

struct Object {
  id @0 :UInt32;                       # local to the image, not 0
  badge @1 :UInt64 $hex;               # system-global name at capture, 0 = none or not known
  bootstrapped @2 :Bool;               # made by the parent before the first instruction: it is
                                       # identified at restore and not created
  label @3 :Text;

  union {
    capability @4 :Void;               # only its badge is known
    external @5 :External;
    pdSession @6 :PdSession;
    cpuSession @7 :CpuSession;
    rmSession @8 :RmSession;
    romSession @9 :RomSession;
    logSession @10 :LogSession;
    timerSession @11 :TimerSession;
    session @12 :OtherSession;
    service @13 :Service;
    thread @14 :Thread;
    dataspace @15 :Dataspace;
    regionMap @16 :RegionMap;
    signalSource @17 :SignalSource;
    signalContext @18 :SignalContext;
    nativeCapability @19 :NativeCapability;
    parentCapability @20 :Void;        # the way to the component's parent
  }
}

struct External {
  owner @0 :Text;                      # label of the component that owns the object
}

struct Affinity {
  x @0 :Int32;
  y @1 :Int32;
  width @2 :UInt32;
  height @3 :UInt32;
}

struct Session {                       # what all sessions have; their label is the object's
  service @0 :Text;                    # service name, "ROM"
  arguments @1 :Text;                  # as given at creation, with ram_quota and cap_quota
  ramUpgrade @2 :UInt64;               # bytes added since
  capUpgrade @3 :UInt64;               # capabilities added since
  clientId @4 :UInt64;                 # Parent::Client::Id of the component's environment
  interposed @5 :Bool;                 # served by the checkpointer and not by the parent
  affinity @6 :Affinity;
}

struct PdSession {
  session @0 :Session;
  addressSpace @1 :UInt32 $ref("regionMap");
  stackArea @2 :UInt32 $ref("regionMap");
  linkerArea @3 :UInt32 $ref("regionMap");
  ramQuota @4 :UInt64;
  ramUsed @5 :UInt64;
  capQuota @6 :UInt64;
  capUsed @7 :UInt64;
  refAccount @8 :UInt32 $ref("*");
  nativePd @9 :UInt32 $ref("*");
}

struct CpuSession {
  session @0 :Session;
  exceptionHandler @1 :UInt32 $ref("*");
  priority @2 :UInt32;
  quota @3 :UInt64;
  refAccount @4 :UInt32 $ref("*");
  nativeCpu @5 :UInt32 $ref("*");
}

struct RmSession {
  session @0 :Session;
  regionMaps @1 :List(UInt32) $ref("regionMap");
}

struct RomSession {
  session @0 :Session;
  module @1 :Text;
  dataspace @2 :UInt32 $ref("dataspace");
  handler @3 :UInt32 $ref("*");        # signal context
}

struct LogSession {
  session @0 :Session;
}

struct TimerSession {
  session @0 :Session;
  handler @1 :UInt32 $ref("*");        # signal context
  timeout @2 :UInt64;                  # microseconds, 0 = none programmed
  periodic @3 :Bool;
  elapsed @4 :UInt64;                  # microseconds of the period gone at the checkpoint
  timeBase @5 :UInt64;                 # microseconds that 'elapsed_us' reported
}

struct OtherSession {                  # any session that has no struct of its own
  session @0 :Session;
  state @1 :Data;                      # opaque
}

struct Service {                       # a service that the component provides
  name @0 :Text;
  root @1 :UInt32 $ref("*");
  sessions @2 :List(ProvidedSession);
}

struct ProvidedSession {
  label @0 :Text;                      # of the client
  arguments @1 :Text;
  session @2 :UInt32 $ref("*");
  objects @3 :List(UInt32) $ref("*");  # further objects and shared dataspaces behind it
}

enum IpcPhase {
  unknown @0;
  userMode @1;
  sending @2;
  receiving @3;
}

struct Thread {
  name @0 :Text;                       # at most 32 bytes in Genode
  pd @1 :UInt32 $ref("pdSession");
  cpu @2 :UInt32 $ref("cpuSession");
  gate @3 :UInt32 $ref("*");           # IPC gate that answers calls to this thread
  nativeId @4 :UInt64;                 # the kernel's number (tid on Linux)
  weight @5 :UInt32;
  slot @6 :UInt32;                     # decides UTCB address and gate, pager, irq selectors
  hasSlot @7 :Bool;
  utcbAddress @8 :UInt64 $hex;
  started @9 :Bool;
  paused @10 :Bool;
  singleStep @11 :Bool;
  exceptionHandler @12 :UInt32 $ref("*");
  phase @13 :IpcPhase;
  callTarget @14 :UInt32 $ref("*");    # object whose call the thread is inside of
  servedCaller @15 :UInt32 $ref("*");  # thread (or object outside) whose call it serves
  pendingWakeups @16 :UInt32;          # count of its own IRQ object
  affinity @17 :Affinity;
  registers :union {
    none @18 :Void;
    x86x64 @19 :RegistersX86x64;
    x86x32 @20 :RegistersX86x32;
    armV7 @21 :RegistersArmV7;
    armV8 @22 :RegistersArmV8;
    riscv64 @23 :RegistersRiscv64;
    other @24 :Data;                   # an architecture without a struct of its own
  }
  fpu @25 :Fpu;
  utcb @26 :Utcb;
  notes @27 :List(Note);               # of this thread, from an ELF core
}

struct RegistersX86x64 {
  ip @0 :UInt64 $hex;
  sp @1 :UInt64 $hex;
  rax @2 :UInt64 $hex;
  rbx @3 :UInt64 $hex;
  rcx @4 :UInt64 $hex;
  rdx @5 :UInt64 $hex;
  rdi @6 :UInt64 $hex;
  rsi @7 :UInt64 $hex;
  rbp @8 :UInt64 $hex;
  r8 @9 :UInt64 $hex;
  r9 @10 :UInt64 $hex;
  r10 @11 :UInt64 $hex;
  r11 @12 :UInt64 $hex;
  r12 @13 :UInt64 $hex;
  r13 @14 :UInt64 $hex;
  r14 @15 :UInt64 $hex;
  r15 @16 :UInt64 $hex;
  eflags @17 :UInt64 $hex;
  cs @18 :UInt64 $hex;
  ss @19 :UInt64 $hex;
  ds @20 :UInt64 $hex;
  es @21 :UInt64 $hex;
  fs @22 :UInt64 $hex;
  gs @23 :UInt64 $hex;
  fsBase @24 :UInt64 $hex;
  gsBase @25 :UInt64 $hex;
  trapno @26 :UInt64 $hex;
  errcode @27 :UInt64 $hex;
  origRax @28 :UInt64 $hex;            # number of the system call, ~0 outside of one (Linux)
}

struct RegistersX86x32 {
  ip @0 :UInt32 $hex;
  sp @1 :UInt32 $hex;
  eax @2 :UInt32 $hex;
  ebx @3 :UInt32 $hex;
  ecx @4 :UInt32 $hex;
  edx @5 :UInt32 $hex;
  edi @6 :UInt32 $hex;
  esi @7 :UInt32 $hex;
  ebp @8 :UInt32 $hex;
  eflags @9 :UInt32 $hex;
  cs @10 :UInt32 $hex;
  ss @11 :UInt32 $hex;
  ds @12 :UInt32 $hex;
  es @13 :UInt32 $hex;
  fs @14 :UInt32 $hex;
  gs @15 :UInt32 $hex;
  trapno @16 :UInt32 $hex;
  errcode @17 :UInt32 $hex;
  origEax @18 :UInt32 $hex;
}

struct RegistersArmV7 {
  r0 @0 :UInt32 $hex;
  r1 @1 :UInt32 $hex;
  r2 @2 :UInt32 $hex;
  r3 @3 :UInt32 $hex;
  r4 @4 :UInt32 $hex;
  r5 @5 :UInt32 $hex;
  r6 @6 :UInt32 $hex;
  r7 @7 :UInt32 $hex;
  r8 @8 :UInt32 $hex;
  r9 @9 :UInt32 $hex;
  r10 @10 :UInt32 $hex;
  r11 @11 :UInt32 $hex;
  r12 @12 :UInt32 $hex;
  sp @13 :UInt32 $hex;
  lr @14 :UInt32 $hex;
  ip @15 :UInt32 $hex;                 # pc
  cpsr @16 :UInt32 $hex;
  cpuException @17 :UInt32 $hex;
  tls @18 :UInt32 $hex;                # TPIDRURO
  origR0 @19 :UInt32 $hex;
}

struct RegistersArmV8 {
  x @0 :List(UInt64) $hex;             # x0 to x30, always 31 of them
  sp @1 :UInt64 $hex;
  ip @2 :UInt64 $hex;                  # pc
  pstate @3 :UInt64 $hex;
  esr @4 :UInt64 $hex;
  tls @5 :UInt64 $hex;                 # TPIDR_EL0
}

struct RegistersRiscv64 {
  x @0 :List(UInt64) $hex;             # x1 to x31, always 31 of them
  ip @1 :UInt64 $hex;                  # pc
}

enum FpuFormat {
  unknown @0;
  fxsave @1;                           # 512 bytes, Intel SDM vol. 1, 10.5.1
  xsave @2;                            # fxsave, header, components; standard form
  fsave @3;                            # 108 bytes of the i387
  armVfp @4;                           # 32 double registers, FPSCR (Linux NT_ARM_VFP)
  armV8Simd @5;                        # v0 to v31, FPSR, FPCR (Linux NT_FPREGSET of aarch64)
  armFpa @6;                           # Linux NT_FPREGSET of 32-bit arm
}

struct Fpu {
  format @0 :FpuFormat;
  state @1 :Data;
}

struct Utcb {
  words @0 :List(UInt64) $hex;         # message words
  bufferRegisters @1 :List(UInt64) $hex;
  threadRegisters @2 :List(UInt64) $hex; # the kernel's user[] words
}

enum DataspaceKind {
  unknown @0;
  segment @1;                          # part of an address space, origin not known (ELF core)
  ram @2;
  rom @3;
  managed @4;                          # its content is a region map
  ioMemory @5;
  dma @6;
}

enum CacheAttribute {
  uncached @0;
  writeCombined @1;
  cached @2;
  unknown @3;
}

enum AbsentReason {
  none @0;
  notCaptured @1;
  inRom @2;                            # the target has the module
  redacted @3;
}

struct Dataspace {
  kind @0 :DataspaceKind;
  cache @1 :CacheAttribute;
  sealed @2 :Bool;
  size @3 :UInt64 $hex;                # bytes, not 0
  firstBlock @4 :UInt64;               # where 'stored': number of its first block
  stored @5 :Bool;                     # the index has ceil(size / block size) blocks for it
  absentReason @6 :AbsentReason;       # where not 'stored': why
  allocationOrder @7 :UInt64;
  owner @8 :UInt32 $ref("*");          # session that it was allocated from
  regionMap @9 :UInt32 $ref("regionMap"); # of a managed dataspace
  physicalAddress @10 :UInt64 $hex;    # of I/O memory
  module @11 :Text;                    # of a ROM module
  digest @12 :Data;                    # SHA-256 of a ROM module's content
  absent @13 :List(AbsentRange);       # parts of blocks that are otherwise known
}

struct AbsentRange {                   # ascending, disjoint; the bytes read as zero
  offset @0 :UInt64 $hex;
  size @1 :UInt64 $hex;
  reason @2 :AbsentReason;
}

struct RegionMap {
  size @0 :UInt64 $hex;                # 0 for the three of a PD
  dataspace @1 :UInt32 $ref("dataspace"); # the managed dataspace with this content
  faultHandler @2 :UInt32 $ref("*");   # signal context
  regions @3 :List(Region);            # ascending addresses, disjoint
}

struct Region {
  address @0 :UInt64 $hex;
  size @1 :UInt64 $hex;
  offset @2 :UInt64 $hex;              # within the dataspace
  dataspace @3 :UInt32 $ref("dataspace");
  readable @4 :Bool;
  writeable @5 :Bool;
  executable @6 :Bool;
}

struct SignalSource {
  pd @0 :UInt32 $ref("pdSession");
  handler @1 :UInt32 $ref("thread");   # thread that waits for its signals
  semaphore @2 :UInt32 $ref("*");      # kernel object that blocks it (foc)
}

struct SignalContext {
  source @0 :UInt32 $ref("signalSource");
  imprint @1 :UInt64 $hex;             # address in the component
  pending @2 :UInt32;
  holder @3 :UInt32 $ref("*");         # session that the handler was given to
  role @4 :Text;                       # "resource", "yield", … where the parent holds it
}

struct NativeCapability {              # RPC object made by the component itself
  entrypoint @0 :UInt32 $ref("thread");
  allocationOrder @1 :UInt64;
  dangling @2 :Bool;                   # freed in core, still referenced
}

# ---- capabilities ------------------------------------------------------------------------

enum MapStructure {
  none @0;                             # the kernel has no map in user memory (hw, nova)
  tree @1;
  list @2;
}

# Where and how the component's memory holds its capability map. Offsets are bytes within an
# entry, 0xffff where the layout has no such field.

struct CapabilityLayout {
  release @0 :Text;                    # for people: "foc 25.02-26.02"
  wordBytes @1 :UInt8;
  structure @2 :MapStructure;
  array @3 :UInt64 $hex;               # address of entry 0
  count @4 :UInt32;
  stride @5 :UInt32;
  root @6 :UInt64 $hex;                # tree object, or pointer to the first entry of a list
  nodeOffset @7 :UInt16;               # AVL node or link of a list
  depthOffset @8 :UInt16;
  idOffset @9 :UInt16;
  idWidth @10 :UInt8;
  refOffset @11 :UInt16;
  refWidth @12 :UInt8;
  socketOffset @13 :UInt16;
  foreignOffset @14 :UInt16;
  selectorShift @15 :UInt8;            # kcap = index << shift
  hasSelectors @16 :Bool;              # false: entries have no kcap (linux)
  invalidId @17 :UInt64 $hex;
  maxBadge @18 :UInt64 $hex;
  badgeStep @19 :UInt32;               # badges given by core are multiples of it
  allocatorLock @20 :UInt64 $hex;      # address of a lock word, 0 = not known
  treeLock @21 :UInt64 $hex;
}

struct CapabilitySpace {
  pd @0 :UInt32 $ref("pdSession");
  layout @1 :CapabilityLayout;         # null: the map in memory is not known
  entries @2 :List(CapabilityEntry);   # ascending index and kcap
}

enum EntryState {
  live @0;                             # names 'object'
  empty @1;                            # no capability: 'rawId' holds what the entry says
  stale @2;                            # invalidated twin: rewritten along, never installed
}

enum EntryKind {
  unknown @0;
  gate @1;
  irq @2;
  thread @3;
  task @4;
  coreDataspace @5;
  threadGate @6;
  parent @7;
}

enum EntryOrigin {
  unknown @0;
  core @1;
  checkpointer @2;
  childLocal @3;
  parent @4;
  foreign @5;
}

struct CapabilityEntry {
  kcap @0 :UInt64 $hex;                # selector, 0 where the kernel has none
  index @1 :UInt32;                    # of the entry in the map
  object @2 :UInt32 $ref("*");         # 0 only where 'state' is 'empty'
  rawId @3 :UInt64 $hex;               # only where 'state' is 'empty'
  refCount @4 :UInt32;
  state @5 :EntryState;
  inTree @6 :Bool;
  kind @7 :EntryKind;
  origin @8 :EntryOrigin;
  foreign @9 :Bool;                    # linux
  socket @10 :Int32;                   # linux: destination
}

enum TreeRole {
  unknown @0;
  objectPool @1;
}

struct BadgeTree {                     # an AVL tree in memory that is ordered by badges
  role @0 :TreeRole;
  root @1 :UInt64 $hex;                # address of the tree object
  capabilityOffset @2 :UInt32;         # from a node to its pointer to a map entry
  nodes @3 :List(BadgeNode);           # ascending addresses
}

struct BadgeNode {
  address @0 :UInt64 $hex;
  object @1 :UInt32 $ref("*");
}

enum RawBadgePlace {
  unknown @0;
  parentCapability @1;                 # first word of the loader's writeable segment
  utcb @2;
  register @3;
  stack @4;
}

struct RawBadge {                      # a further place that holds a badge as a number
  place @0 :RawBadgePlace;
  address @1 :UInt64 $hex;             # in memory, for 'parentCapability' and 'stack'
  width @2 :UInt8;                     # bytes, 2, 4 or 8
  object @3 :UInt32 $ref("*");
  thread @4 :UInt32 $ref("thread");    # for 'utcb' and 'register'
  word @5 :UInt32;                     # for 'utcb': number of the message word; for 'register':
                                       # of the register, in the order of its struct's fields,
                                       # where a list counts as many as it has elements
}

struct CodeRange {                     # code of ld.lib.so that the checkpointer knew
  start @0 :UInt64 $hex;
  size @1 :UInt64 $hex;
  name @2 :Text;
}

struct Note {                          # a note of an ELF core that has no place of its own
  owner @0 :Text;                      # "CORE", "LINUX"
  type @1 :UInt32;
  content @2 :Data;
}

# ---- provenance: a section of its own, outside of the state digest -------------------------

struct Provenance {
  records @0 :List(ProvenanceRecord);  # oldest first
}

struct ProvenanceRecord {
  action @0 :Text;                     # "rewrite", "squash", …
  tool @1 :Text;                       # who did it, "capimg 1.0.0"
  source @2 :Data;                     # state digest of the image it was made from
  detail @3 :Text;
  signer @4 :Data;                     # public key that the source's signature names; empty: unsigned
  counter @5 :UInt64;                  # rollback counter of that signature
}
