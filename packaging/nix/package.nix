# SPDX-License-Identifier: BSD-2-Clause
# For callPackage of nixpkgs: nix-build -E '(import <nixpkgs> {}).callPackage ./package.nix {}'
# Libraries are linked: there is no common place from which they could be loaded.
{
  lib,
  stdenv,
  fetchurl,
  pkg-config,
  bzip2,
  file,
  isa-l,
  jansson,
  lz4,
  xz,
  zlib,
  zstd,
  cmocka,
  jq,
  mandoc,
  python3,
}:

stdenv.mkDerivation rec {
  pname = "pcount";
  version = "0.1.0";

  src = fetchurl {
    url = "${meta.homepage}/releases/pcount-${version}.tar.xz";
    hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  };

  nativeBuildInputs = [ pkg-config ];
  buildInputs = [
    bzip2
    file
    jansson
    lz4
    xz
    zlib
    zstd
  ] ++ lib.optional (stdenv.hostPlatform.isx86_64 || stdenv.hostPlatform.isAarch64) isa-l;

  configureFlags = [ "--enable-linked-libraries" ];

  doCheck = true;
  checkInputs = [ cmocka ];
  nativeCheckInputs = [
    jq
    lz4
    mandoc
    python3
    zstd
  ];

  meta = {
    description = "Count lines, words, characters and bytes of huge files";
    homepage = "https://example.org/pcount";
    license = lib.licenses.bsd2;
    platforms = lib.platforms.linux;
    mainProgram = "pcount";
  };
}
