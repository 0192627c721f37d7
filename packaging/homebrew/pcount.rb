# SPDX-License-Identifier: BSD-2-Clause
# Homebrew on Linux. Libraries are linked: they lie where only a linked program finds them.
class Pcount < Formula
  desc "Count lines, words, characters and bytes of huge files"
  homepage "https://example.org/pcount"
  url "https://example.org/pcount/releases/pcount-0.1.0.tar.xz"
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "BSD-2-Clause"

  depends_on "pkgconf" => :build
  depends_on "bzip2"
  depends_on "isa-l"
  depends_on "jansson"
  depends_on "libmagic"
  depends_on :linux
  depends_on "lz4"
  depends_on "xz"
  depends_on "zlib"
  depends_on "zstd"

  def install
    system "./configure", "--enable-linked-libraries", *std_configure_args
    system "make", "install"
  end

  test do
    (testpath/"text").write("two words\nthird\n")
    assert_equal " 2  3 16 text\n", shell_output("#{bin}/pcount text")
    system "zstd", "-q", "text"
    assert_equal "2 text.zst\n", shell_output("#{bin}/pcount -zl text.zst")
  end
end
