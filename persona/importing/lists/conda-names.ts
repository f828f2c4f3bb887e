import { SAME_IN_DEBIAN, SAME_IN_PIP } from "./conda-same-names.ts";

/** What stands for a package of conda: a catalog's id, `manager:name`; "": it is there anyway; undefined: nothing is known of it. */
export function condaName(name: string): string | undefined {
  if (Object.hasOwn(OTHER_NAMES, name)) return OTHER_NAMES[name];
  if (THERE_ANYWAY.has(name)) return "";
  if (SAME_IN_PIP.has(name)) return `pip:${name}`;
  if (SAME_IN_DEBIAN.has(name)) return `apt:${name}`;
  if (name.startsWith("r-")) return `apt:r-cran-${name.slice(2)}`;
  if (name.startsWith("bioconductor-")) return `apt:r-bioc-${name.slice("bioconductor-".length)}`;
  // Compilers by their machine: "gcc_linux-64".
  return name.endsWith("_linux-64") ? condaName(name.slice(0, -"_linux-64".length)) : undefined;
}

/** Why there is nothing for a package, and what to do instead. */
export function reasonForNothing(name: string): string | undefined {
  if (/^(?:cuda|cudatoolkit|cudnn|nccl|cupti|pytorch-cuda|pytorch-mutex|tensorrt)(?:-|$)/.test(name))
    return "for a GPU, which a workspace does not have: leave it out";
  return Object.hasOwn(NOTHING, name) ? NOTHING[name] : undefined;
}

const NOTHING: Readonly<Record<string, string>> = {
  anaconda: "a collection of hundreds of packages: name those that you use",
  cupy: "for a GPU, which a workspace does not have: write pip:numpy",
  gatk4: "neither Debian nor Python's index has it: fetch it in the workspace",
  julia: "neither Debian nor Python's index has it: write pip:juliaup, or fetch it in the workspace",
  nextflow: "neither Debian nor Python's index has it: fetch it in the workspace, with apt:default-jre",
  rstudio: "neither Debian nor the catalog has it: write jupyterlab with apt:r-cran-irkernel",
  "google-cloud-sdk": "neither Debian nor Python's index has it: fetch it in the workspace",
  "spacy-model-en_core_web_sm": "a model: write pip:spacy, and python3 -m spacy download en_core_web_sm in the workspace",
  tectonic: "Debian does not have it: write apt:texlive-xetex",
};

const OTHER_NAMES: Readonly<Record<string, string>> = {
  blast: "apt:ncbi-blast+",
  boost: "apt:libboost-all-dev",
  "c-compiler": "apt:build-essential",
  clangxx: "apt:clang",
  compilers: "apt:build-essential",
  "cxx-compiler": "apt:build-essential",
  "django-rest-framework": "pip:djangorestframework",
  "docker-py": "pip:docker",
  "dask-core": "pip:dask",
  eigen: "apt:libeigen3-dev",
  exiftool: "apt:libimage-exiftool-perl",
  "faiss-gpu": "pip:faiss-cpu",
  fftw: "apt:libfftw3-dev",
  "fortran-compiler": "apt:gfortran",
  gdal: "apt:python3-gdal",
  geos: "apt:libgeos-dev",
  git: "git",
  go: "apt:golang-go",
  gsl: "apt:libgsl-dev",
  gxx: "apt:g++",
  "h3-py": "pip:h3",
  hdf5: "apt:hdf5-tools",
  htslib: "apt:tabix",
  libgdal: "apt:libgdal-dev",
  libpq: "apt:libpq-dev",
  libxml2: "apt:libxml2-dev",
  libxslt: "apt:libxslt1-dev",
  "matplotlib-base": "pip:matplotlib",
  mpi4py: "apt:python3-mpi4py",
  mysql: "apt:default-mysql-client",
  netcdf4: "pip:netcdf4",
  ninja: "apt:ninja-build",
  opencv: "pip:opencv-python-headless",
  openjdk: "apt:default-jdk",
  openmpi: "apt:openmpi-bin",
  p7zip: "apt:p7zip-full",
  pandoc: "pandoc",
  picard: "apt:picard-tools",
  poetry: "pipx:poetry",
  plink: "apt:plink1.9",
  poppler: "apt:poppler-utils",
  "postgresql-client": "psql",
  proj: "apt:proj-bin",
  "py-lightgbm": "pip:lightgbm",
  "py-opencv": "pip:opencv-python-headless",
  "py-xgboost": "pip:xgboost",
  "py-xgboost-cpu": "pip:xgboost",
  pyqt: "pip:pyqt5",
  pytables: "pip:tables",
  "python-duckdb": "pip:duckdb",
  "python-flatbuffers": "pip:flatbuffers",
  "python-graphviz": "pip:graphviz",
  "python-kaleido": "pip:kaleido",
  pytorch: "pip:torch",
  "pytorch-cpu": "pip:torch",
  "pytorch-gpu": "pip:torch",
  pyg: "pip:torch-geometric",
  r: "apt:r-base",
  "r-base": "apt:r-base",
  "r-essentials": "apt:r-base",
  "r-recommended": "apt:r-recommended",
  redis: "apt:redis-server",
  "redis-py": "pip:redis",
  "redis-server": "apt:redis-server",
  ripgrep: "ripgrep",
  ruby: "apt:ruby-full",
  rust: "apt:rustc",
  "ruamel.yaml": "pip:ruamel-yaml",
  scikit_learn: "pip:scikit-learn",
  "snakemake-minimal": "pip:snakemake",
  sqlite: "sqlite",
  "sra-tools": "apt:sra-toolkit",
  star: "apt:rna-star",
  "tensorflow-cpu": "pip:tensorflow",
  "tensorflow-gpu": "pip:tensorflow",
  tesseract: "apt:tesseract-ocr",
  "texlive-core": "apt:texlive",
  tk: "apt:python3-tk",
  unixodbc: "apt:unixodbc-dev",
  vim: "vim",
  yaml: "apt:libyaml-dev",
  zeromq: "apt:libzmq3-dev",
};

/** Of the base, of Python itself, or what its packages bring with them. Names of conda's own tools say nothing here. */
const THERE_ANYWAY: ReadonlySet<string> = new Set(
  `_libgcc_mutex _openmp_mutex bash blas brotli brotli-bin ca-certificates conda conda-build conda-forge-pinning conda-package-handling
  coreutils  font-ttf-dejavu-sans-mono fontconfig freetype gmp icu intel-openmp jpeg kernel-headers lcms2 ld_impl_linux-64
  libblas libcblas libcurl libffi libgcc libgcc-ng libgfortran libgfortran-ng libgfortran5 libgomp liblapack libnsl libopenblas libpng
  libsodium libsqlite libstdcxx libstdcxx-ng libtiff libuuid libuv libwebp libzlib llvm-openmp lz4-c mamba micromamba mkl mkl-service
  mkl_fft mkl_random mpc mpfr openblas nb_conda nb_conda_kernels ncurses numpy-base openssl pip python python_abi readline sysroot tini tzdata
  xz zlib zstd`.split(/\s+/),
);
