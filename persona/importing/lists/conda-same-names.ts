function names(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter(Boolean));
}

/** Names that conda and Python's index have in common. */
export const SAME_IN_PIP = names(
  `accelerate biopandas jupyter-resource-usage jupyterlab jupyterlab-git kaleido lightning-utilities msgpack mysqlclient
  mysql-connector-python partd python-louvain python-snappy pytorch-lightning aiofiles aiohttp alembic altair anndata anyio appdirs argon2-cffi arrow arviz asyncpg atomicwrites attrs autopep8 awscli
  babel bandit bcrypt beautifulsoup4 biopython black bleach bokeh boltons boto3 botocore bottleneck branca cachetools cartopy catboost
  celery certifi cffi cftime chardet charset-normalizer click cloudpickle cmdstanpy colorama colorcet contextily contourpy coverage
  cryptography cutadapt cvxopt cvxpy cycler cython cytoolz dash dask datasets datashader debugpy decorator deprecated dill distributed
  django docutils duckdb einops elasticsearch et_xmlfile fabric faiss-cpu faker fastapi fastparquet
  filelock fiona flake8 flask flask-cors flask-sqlalchemy folium fonttools fsspec furo future fuzzywuzzy gcsfs gensim geoalchemy2
  geocoder geographiclib geopandas geoplot geopy gevent gitpython google-cloud-storage gradio greenlet grpcio gspread gunicorn h3 h5netcdf
  h5py holoviews html5lib httptools httpx humanize hvplot hydra-core hypothesis idna imageio imbalanced-learn importlib-metadata
  importlib_metadata iniconfig invoke ipykernel ipyleaflet ipympl ipyparallel ipython ipython_genutils ipywidgets isort itsdangerous
  jedi jinja2 jmespath joblib jsonschema jupyter jupyter-book jupyter-lsp jupyter_client jupyter_console jupyter_core jupyter_server
  jupyterhub jupyterlab-lsp jupyterlab_server jupyterlab_widgets jupytext kaggle keras keyring kiwisolver langchain lifelines lightgbm
  lightning line_profiler llvmlite lmfit loguru lxml lz4 mapclassify markdown markdown-it-py markupsafe marshmallow matplotlib
  matplotlib-inline mccabe mdtraj memory_profiler metpy missingno mistune mlflow mlxtend mne more-itertools mpmath multiqc mypy
  mypy_extensions myst-nb myst-parser nb_black nbclient nbconvert nbdime nbformat nbsphinx nest-asyncio networkx nibabel nilearn nltk
  nose notebook numba numcodecs numexpr numpy numpydoc odfpy onnx onnxruntime openai openpyxl optuna orjson osmnx owslib packaging pandas
  pandas-datareader pandas-profiling pandera panel papermill param paramiko parso passlib pathlib2 patsy peewee pexpect pillow
  pingouin pint plotly plotnine pluggy ply pm4py polars pooch pre-commit prettytable prometheus_client prompt-toolkit prompt_toolkit
  prophet protobuf psutil psycopg psycopg2 psycopg2-binary ptyprocess pulp py-cpuinfo pyarrow pyasn1 pybind11 pycodestyle pycountry
  pycparser pycryptodome pydantic pydata-sphinx-theme pydeck pydot pyflakes pygments pyinstaller pyjwt pykrige pylint pymc pymongo
  pymysql pyodbc pyogrio pyopenssl pyparsing pypdf pypdf2 pyproj pyquery pyrsistent pysal pysam pyserial pyshp pyspark pystan pytest
  pytest-asyncio pytest-cov pytest-mock pytest-xdist python-dateutil python-docx python-dotenv python-json-logger python-pptx pytz
  pyviz_comms pyvista pywavelets pyyaml pyzmq rasterio rasterstats ray regex requests requests-cache requests-oauthlib responses rich
  rioxarray rpy2 rtree ruff s3fs s3transfer sacremoses scanpy scikit-bio scikit-image scikit-learn scikit-learn-intelex scipy scrapy
  seaborn selenium sentence-transformers sentencepiece setuptools shap shapely simpleitk simpy six sktime smart_open snakemake sniffio
  snowballstemmer sortedcontainers soupsieve spacy sphinx sphinx-autobuild sphinx-copybutton sphinx-design sphinx_rtd_theme spyder
  sqlalchemy sqlparse starlette statsmodels streamlit swifter sympy tables tabulate tblib tenacity tensorboard tensorboardx tensorflow
  termcolor terminado testpath textblob texttable threadpoolctl tifffile tiktoken timm tokenizers toml tomli toolz torch torchaudio
  torchmetrics torchtext torchvision tornado tox tqdm traitlets transformers trimesh tweepy typer typing-extensions typing_extensions
  tzlocal ujson umap-learn uncertainties unidecode urllib3 uvicorn validators virtualenv visidata datasette voila wandb watchdog wcwidth
  webencodings websocket-client websockets werkzeug wheel widgetsnbextension wordcloud wrapt xarray xgboost xlrd xlsxwriter xlwt
  xmltodict xyzservices yapf yarl yellowbrick zarr zict zipp`,
);

/** Names that conda and Debian have in common. */
export const SAME_IN_DEBIAN = names(
  `muscle autoconf automake bat bcftools bedtools binutils bison bowtie bowtie2 bwa bzip2 ccache cdo clang clustalo cmake curl doxygen emboss
  fastp fastqc fasttree ffmpeg file flex freebayes fzf gawk gcc gdb gfortran ghostscript git-lfs gnuplot graphviz gromacs hisat2 hmmer
  htop igv imagemagick inkscape iqtree jq kallisto kraken2 less libtool lnav mafft make maven meson minimap2 mrbayes nano nco neovim
  octave openbabel parallel patch perl pigz pkg-config plink2 postgis postgresql pymol qgis qpdf raxml rclone rsync salmon samtools scala
  screen seqkit seqtk shellcheck sox spades stringtie subread subversion swig tabix tmux tree trim-galore trimmomatic unzip
  valgrind vcftools wget zip`,
);
